namespace Tsds.Jobs.Inputs;

/// <summary>A candidate in a duplicate group.</summary>
/// <param name="Row">The candidate.</param>
/// <param name="Distance">Distance to the representative, 0 for itself; may exceed the bandwidth, for copies are taken
/// transitively.</param>
/// <param name="NearestDistance">Distance to the nearest other member, below the bandwidth.</param>
/// <param name="Count">How often it was drawn, 0 included.</param>
internal sealed record GroupMember(long Row, double Distance, double NearestDistance, long Count);
