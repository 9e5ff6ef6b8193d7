namespace Tsds.Jobs.Explain;

/// <summary>A row to which a target sends mass.</summary>
/// <param name="Row">Its number in the pool.</param>
/// <param name="Id">Its own id, if it has one.</param>
/// <param name="Distance">From the target.</param>
/// <param name="Mass">What the target sends it.</param>
/// <param name="Count">Times it was drawn.</param>
internal sealed record PulledRow(long Row, string? Id, double Distance, double Mass, long Count);
