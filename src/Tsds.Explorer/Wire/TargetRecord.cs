using Tsds.Jobs.Explore;

namespace Tsds.Explorer.Wire;

/// <summary>Represents a target under a plan.</summary>
internal sealed record TargetRecord(
    int Target,
    string? Id,
    string? File,
    long? Line,
    string? Task,
    IReadOnlyList<ShownTurn> Turns,
    int Start,
    int? Next,
    double Weight,
    double? WaterLevel,
    double? MedianWaterLevel,
    int NeighborsUsed,
    double NearestDistance,
    double BetterServed,
    bool IsOutOfReach,
    bool IsLeftOut,
    double? TransportCost,
    IReadOnlyList<ServedRow> Rows
)
{
    /// <summary>Returns what is sent of a target.</summary>
    /// <param name="panel">What is known of it.</param>
    public static TargetRecord Of(TargetPanel panel) =>
        new(
            panel.Target,
            panel.Id,
            panel.File,
            panel.Line,
            panel.Task,
            panel.Text?.Turns ?? [],
            panel.Text?.Start ?? 0,
            panel.Text?.Next,
            panel.Weight,
            panel.WaterLevel,
            panel.MedianWaterLevel,
            panel.NeighborsUsed,
            panel.NearestDistance,
            panel.BetterServed,
            panel.IsOutOfReach,
            panel.IsLeftOut,
            panel.TransportCost,
            panel.Rows
        );
}
