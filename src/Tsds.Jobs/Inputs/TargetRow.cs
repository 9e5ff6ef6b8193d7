namespace Tsds.Jobs.Inputs;

/// <summary>The file, line, id and text of a target.</summary>
/// <param name="File">Its file as the user gave it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Id">Its own id, if it has one.</param>
/// <param name="Text">The text that was embedded.</param>
internal sealed record TargetRow(string File, long Line, string? Id, string Text);
