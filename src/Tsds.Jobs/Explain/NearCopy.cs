namespace Tsds.Jobs.Explain;

/// <summary>A candidate within the bandwidth of the row that is explained.</summary>
/// <param name="Row">Its number in the pool.</param>
/// <param name="Distance">From the row.</param>
/// <param name="Count">Times it was drawn.</param>
internal sealed record NearCopy(long Row, double Distance, long Count);
