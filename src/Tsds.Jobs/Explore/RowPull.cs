namespace Tsds.Jobs.Explore;

/// <summary>Represents the relation of a row to a target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Id">Its own id, if it has one.</param>
/// <param name="Mass">What it sends to the row.</param>
/// <param name="Distance">From the target to the row, with what relevance adds.</param>
/// <param name="Nearness">From the target to the row, without it.</param>
/// <param name="Place">The row's place among the target's neighbors, 1 for the nearest; null where it is far.</param>
/// <param name="WaterLevel">The distance up to which the target's mass rises; null where nothing bounds it.</param>
/// <param name="NeighborsUsed">Rows to which the target sends mass.</param>
/// <param name="Cap">The most that the target may send to the row; null where there is no such bound.</param>
internal sealed record RowPull(
    int Target,
    string? Id,
    double Mass,
    double Distance,
    double Nearness,
    int? Place,
    double? WaterLevel,
    int NeighborsUsed,
    double? Cap
);
