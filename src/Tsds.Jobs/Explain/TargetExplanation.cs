namespace Tsds.Jobs.Explain;

/// <summary>The explanation how well a target is served.</summary>
internal sealed record TargetExplanation
{
    /// <summary>Gets the target, from 0.</summary>
    public required int Target { get; init; }

    /// <summary>Gets the target's file, or null if only vectors were given.</summary>
    public string? File { get; init; }

    /// <summary>Gets the target's line, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>Gets the target's own id, if it has one.</summary>
    public string? Id { get; init; }

    /// <summary>Gets the share of the whole mass that it sends.</summary>
    public required double Weight { get; init; }

    /// <summary>Gets the distance up to which its mass rises; null at α = 0.</summary>
    public required double? WaterLevel { get; init; }

    /// <summary>Gets the candidates that receive mass from it.</summary>
    public required long NeighborsUsed { get; init; }

    /// <summary>Gets the distance to its nearest candidate.</summary>
    public required double NearestDistance { get; init; }

    /// <summary>Gets the share of the targets whose nearest candidate is nearer than this one's.</summary>
    public required double BetterServed { get; init; }

    /// <summary>Gets the median of all targets' water levels; null at α = 0.</summary>
    public required double? MedianWaterLevel { get; init; }

    /// <summary>
    /// Gets a value indicating whether even its nearest candidate lies beyond the median water level: other targets
    /// would not reach that far.
    /// </summary>
    public bool IsUnreachable => NearestDistance > MedianWaterLevel;

    /// <summary>Gets the rows for which it is among the five targets that send most, nearest first.</summary>
    public required IReadOnlyList<PulledRow> Rows { get; init; }
}
