namespace Tsds.Explorer.Wire;

/// <summary>Represents the beginning of a target's text.</summary>
/// <param name="Target">The target.</param>
/// <param name="Id">Its own id.</param>
/// <param name="Task">Its task.</param>
/// <param name="Text">The text.</param>
/// <param name="Cut">Whether there is more.</param>
internal sealed record TargetTextRecord(int Target, string? Id, string? Task, string Text, bool Cut);
