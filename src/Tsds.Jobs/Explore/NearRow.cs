namespace Tsds.Jobs.Explore;

/// <summary>Represents a row that is near something.</summary>
/// <param name="Row">The row.</param>
/// <param name="Distance">Its distance.</param>
internal sealed record NearRow(long Row, double Distance);
