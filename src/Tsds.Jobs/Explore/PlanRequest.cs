using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>Represents what is to be another way in a selection; what is null or empty stays as it is.</summary>
internal sealed record PlanRequest
{
    /// <summary>The most rows that become targets.</summary>
    public const int MostTargets = 200;

    /// <summary>Gets the budget.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Gets α.</summary>
    public double? Alpha { get; init; }

    /// <summary>Gets λ, the weight of relevance.</summary>
    public double? Relevance { get; init; }

    /// <summary>Gets the bandwidth.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>Gets a value indicating whether the bandwidth is found from the data.</summary>
    public bool HasAutomaticBandwidth { get; init; }

    /// <summary>Gets the rows that must not be chosen.</summary>
    public IReadOnlyList<long> Exclude { get; init; } = [];

    /// <summary>Gets the rows that are chosen already.</summary>
    public IReadOnlyList<long> Keep { get; init; } = [];

    /// <summary>Gets the rows that become targets.</summary>
    public IReadOnlyList<long> Targets { get; init; } = [];

    /// <summary>Gets the largest shares of sources; null to leave them as they are.</summary>
    public IReadOnlyList<ShareLimit>? Caps { get; init; }

    /// <summary>Gets the targets that are left out.</summary>
    public IReadOnlyList<int> WithoutTargets { get; init; } = [];
}
