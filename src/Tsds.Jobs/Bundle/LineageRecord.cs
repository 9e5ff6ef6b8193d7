using System.Text.Json.Serialization;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// A line of <c>lineage.jsonl</c>: where a candidate stands, how often it was drawn, and why. The reason is a rank
/// where a method chose, and a probability with the targets that pulled where there is a plan.
/// </summary>
internal sealed record LineageRecord
{
    /// <summary>Gets the number of the candidate.</summary>
    public required long Row { get; init; }

    /// <summary>Gets the file of the row as the user gave it; null if only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>Gets the line of the row, from 1; null if only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    /// <summary>Gets the row's own id, null if it has none; missing where only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> Id { get; init; }

    /// <summary>Gets the source of the row; null if only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>Gets the place in the order in which the method chose, from 1; null if there is a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rank { get; init; }

    /// <summary>
    /// Gets the score of the choice, null for a method without scores; missing where there is a plan.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<double?>))]
    public Optional<double?> Score { get; init; }

    /// <summary>Gets the probability; null without a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Probability { get; init; }

    /// <summary>Gets the number of times the candidate was drawn, 0 included.</summary>
    public required long Count { get; init; }

    /// <summary>Gets the density; null without a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Density { get; init; }

    /// <summary>Gets the relevance to each task; null without a plan, or without relevance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RelevanceRecord>? Relevance { get; init; }

    /// <summary>Gets the number of the duplicate group, or null.</summary>
    public required int? Cluster { get; init; }

    /// <summary>Gets the targets that send most, the strongest first; null without a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PullRecord>? Targets { get; init; }
}
