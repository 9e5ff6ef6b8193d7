namespace Tsds.Explorer.Wire;

/// <summary>Represents how a plan serves a target.</summary>
/// <param name="WaterLevel">The distance up to which its mass rises; null where nothing bounds it or it is left
/// out.</param>
/// <param name="NeighborsUsed">The rows to which it sends mass.</param>
/// <param name="OutOfReach">Whether even its nearest row lies beyond the median water level.</param>
internal sealed record ServedTarget(double? WaterLevel, int NeighborsUsed, bool OutOfReach);
