namespace Tsds;

/// <summary>The report on one target: where its mass goes in the plan and how far.</summary>
/// <param name="Target">Position among the targets, from 0.</param>
/// <param name="Weight">μ_i, the share of the whole mass that this target sends.</param>
/// <param name="WaterLevel">u_i, the distance up to which its mass rises: the dual value of the target; infinite at α =
/// 0.</param>
/// <param name="NeighborsUsed">Candidates that receive mass from it.</param>
/// <param name="NearestDistance">Distance to its nearest candidate.</param>
public sealed record TargetReport(
    int Target,
    double Weight,
    double WaterLevel,
    int NeighborsUsed,
    double NearestDistance
);
