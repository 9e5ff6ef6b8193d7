namespace Tsds.Explorer.Wire;

/// <summary>Represents a plan, and what it changes.</summary>
internal sealed record PlanAnswer
{
    /// <summary>Gets its name.</summary>
    public required string Plan { get; init; }

    /// <summary>Gets the chosen rows, kept ones among them.</summary>
    public required long Chosen { get; init; }

    /// <summary>Gets the rows with a probability.</summary>
    public required long Reached { get; init; }

    /// <summary>Gets the kept rows.</summary>
    public required long Kept { get; init; }

    /// <summary>Gets the settings.</summary>
    public required SettingsRecord Settings { get; init; }

    /// <summary>Gets the mean distance of the mass.</summary>
    public required double TransportCost { get; init; }

    /// <summary>Gets the different rows that are expected.</summary>
    public required double ExpectedDistinct { get; init; }

    /// <summary>Gets the effective neighbors of a target.</summary>
    public double? EffectiveNeighbors { get; init; }

    /// <summary>Gets a value indicating whether the plan is proven optimal.</summary>
    public required bool Certified { get; init; }

    /// <summary>Gets the relative gap of the proof.</summary>
    public required double Gap { get; init; }

    /// <summary>Gets the number of rows that came.</summary>
    public required int CameCount { get; init; }

    /// <summary>Gets the number of rows that went.</summary>
    public required int WentCount { get; init; }

    /// <summary>Gets the first of the rows that came.</summary>
    public required IReadOnlyList<long> Came { get; init; }

    /// <summary>Gets the first of the rows that went.</summary>
    public required IReadOnlyList<long> Went { get; init; }

    /// <summary>Gets the changes by source.</summary>
    public required IReadOnlyList<SourceChange> Sources { get; init; }

    /// <summary>Gets how targets are served; beyond those on disk the rows that became targets.</summary>
    public required IReadOnlyList<ServedTarget> Targets { get; init; }

    /// <summary>Gets the path from aligned to diverse.</summary>
    public required IReadOnlyList<PathRecord> Path { get; init; }

    /// <summary>Gets the milliseconds that the plan took.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Gets the pairs of target and row in the plan.</summary>
    public required long Pairs { get; init; }

    /// <summary>Gets the questions that the pool was read for.</summary>
    public required long Searches { get; init; }

    /// <summary>Gets a value indicating whether the plan can be saved.</summary>
    public required bool CanSave { get; init; }
}
