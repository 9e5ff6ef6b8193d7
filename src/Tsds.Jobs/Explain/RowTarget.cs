namespace Tsds.Jobs.Explain;

/// <summary>The relation of a row to one target.</summary>
/// <param name="Target">The target, from 0.</param>
/// <param name="Id">Its own id, if it has one.</param>
/// <param name="Distance">From the target to the row, with what relevance adds.</param>
/// <param name="Nearness">From the target to the row, without it.</param>
/// <param name="Rank">The row's place among the target's neighbors, the nearest being 1.</param>
/// <param name="WaterLevel">The distance up to which the target's mass rises; null at α = 0.</param>
/// <param name="NeighborsUsed">Candidates that receive mass from the target.</param>
/// <param name="Cap">The most that the target may send to the row; null under total variation.</param>
/// <param name="Mass">What it sends; 0 if the row is beyond its water level.</param>
internal sealed record RowTarget(
    int Target,
    string? Id,
    double Distance,
    double Nearness,
    long Rank,
    double? WaterLevel,
    long NeighborsUsed,
    double? Cap,
    double Mass
);
