namespace Tsds.Explorer.Wire;

/// <summary>Represents the settings of a plan.</summary>
internal sealed record SettingsRecord
{
    /// <summary>Gets the budget as it was given.</summary>
    public required string Budget { get; init; }

    /// <summary>Gets the budget in rows.</summary>
    public required long BudgetRows { get; init; }

    /// <summary>Gets α.</summary>
    public double? Alpha { get; init; }

    /// <summary>Gets λ.</summary>
    public double? Relevance { get; init; }

    /// <summary>Gets the bandwidth.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets a value indicating whether the bandwidth was found from the data.</summary>
    public required bool BandwidthAutomatic { get; init; }

    /// <summary>Gets the scale.</summary>
    public double? Scale { get; init; }

    /// <summary>Gets a value indicating whether the scale was found from the data.</summary>
    public required bool ScaleAutomatic { get; init; }

    /// <summary>Gets the regularizer.</summary>
    public required string Regularizer { get; init; }

    /// <summary>Gets the sampling method.</summary>
    public required string Sampling { get; init; }

    /// <summary>Gets the seed, as a text because it may have more digits than a script can count.</summary>
    public required string Seed { get; init; }

    /// <summary>Gets the policy for rows that are the same.</summary>
    public required string Copies { get; init; }

    /// <summary>Gets the caps of sources.</summary>
    public required IReadOnlyList<CapRecord> Caps { get; init; }
}
