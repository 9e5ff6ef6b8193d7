namespace Tsds.Jobs.Explore;

/// <summary>Represents what the explorer shows of a target under a plan.</summary>
internal sealed record TargetPanel
{
    /// <summary>Gets the target.</summary>
    public required int Target { get; init; }

    /// <summary>Gets its own id, if it has one.</summary>
    public string? Id { get; init; }

    /// <summary>Gets its file; null where only vectors were given.</summary>
    public string? File { get; init; }

    /// <summary>Gets its line, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>Gets its task, if it has a name.</summary>
    public string? Task { get; init; }

    /// <summary>Gets a page of its text.</summary>
    public ShownText? Text { get; init; }

    /// <summary>Gets a value indicating whether the plan was made without it.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>Gets the share of the whole mass that it sends.</summary>
    public double Weight { get; init; }

    /// <summary>Gets the distance up to which its mass rises; null where nothing bounds it.</summary>
    public double? WaterLevel { get; init; }

    /// <summary>Gets the median of all targets' water levels.</summary>
    public double? MedianWaterLevel { get; init; }

    /// <summary>Gets the number of rows to which it sends mass.</summary>
    public int NeighborsUsed { get; init; }

    /// <summary>Gets the distance to its nearest candidate.</summary>
    public double NearestDistance { get; init; }

    /// <summary>Gets the share of the targets whose nearest candidate is nearer than this one's.</summary>
    public double BetterServed { get; init; }

    /// <summary>
    /// Gets a value indicating whether even its nearest candidate lies beyond the median water level.
    /// </summary>
    public bool IsOutOfReach { get; init; }

    /// <summary>Gets its part of the transport cost: the mass that it sends times the distance.</summary>
    public double? TransportCost { get; init; }

    /// <summary>Gets the rows that it sends mass to, nearest first.</summary>
    public IReadOnlyList<ServedRow> Rows { get; init; } = [];
}
