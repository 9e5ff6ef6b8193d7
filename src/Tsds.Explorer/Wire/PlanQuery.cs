using System.Text.Json;

namespace Tsds.Explorer.Wire;

/// <summary>Represents what a page wants to be another way.</summary>
internal sealed record PlanQuery
{
    /// <summary>Gets the budget.</summary>
    public string? Budget { get; init; }

    /// <summary>Gets α.</summary>
    public double? Alpha { get; init; }

    /// <summary>Gets λ.</summary>
    public double? Relevance { get; init; }

    /// <summary>Gets the bandwidth: a number, or "auto".</summary>
    public JsonElement? Bandwidth { get; init; }

    /// <summary>Gets the rows that must not be chosen.</summary>
    public IReadOnlyList<long>? Exclude { get; init; }

    /// <summary>Gets the rows that are chosen already.</summary>
    public IReadOnlyList<long>? Keep { get; init; }

    /// <summary>Gets the rows that become targets.</summary>
    public IReadOnlyList<long>? Targets { get; init; }

    /// <summary>Gets the caps of sources.</summary>
    public IReadOnlyList<CapRecord>? Caps { get; init; }

    /// <summary>Gets the targets that are left out.</summary>
    public IReadOnlyList<int>? WithoutTargets { get; init; }
}
