using System.Text.Json.Serialization;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// A line of <c>targets.jsonl</c>: how a target is served, by a plan or by the rows that a method chose.
/// </summary>
internal sealed record TargetRecord
{
    /// <summary>Gets the number of the target.</summary>
    public required int Target { get; init; }

    /// <summary>Gets its task; null if nobody named one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }

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

    /// <summary>Gets the share of the whole mass that it sends; null without a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Weight { get; init; }

    /// <summary>
    /// Gets the distance up to which its mass rises, null if there is no bound; missing without a plan.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<double?>))]
    public Optional<double?> WaterLevel { get; init; }

    /// <summary>Gets the candidates that receive mass from it; null without a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NeighborsUsed { get; init; }

    /// <summary>Gets the distance to its nearest candidate.</summary>
    public required double NearestDistance { get; init; }

    /// <summary>Gets the shares of its mass by source, the largest first; null without a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, double>? Sources { get; init; }

    /// <summary>Gets the distance to its nearest chosen row; null if there is a plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SelectedDistance { get; init; }

    /// <summary>Returns the records of all targets of a selection.</summary>
    /// <param name="selection">The selection.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="sources">The sources of the reached candidates.</param>
    public static IEnumerable<TargetRecord> Of(Selection selection, TargetInputs targets, SourceLedger sources)
    {
        for (int target = 0; target < targets.Count; target++)
        {
            TargetRow? row = targets.Rows?[target];
            TargetRecord record = new()
            {
                Target = target,
                Task = targets.Tasks?.NameOf(target),
                File = row?.File,
                Line = row?.Line,
                Id = row is null ? default : new Optional<string?>(row.Id),
                NearestDistance = selection.NearestDistances[target],
                SelectedDistance = selection.SelectedDistances?[target],
            };
            yield return selection.Transport is { } plan
                ? record with
                {
                    Weight = plan.Targets[target].Weight,
                    WaterLevel = new Optional<double?>(plan.Targets[target].WaterLevel),
                    NeighborsUsed = plan.Targets[target].NeighborsUsed,
                    Sources = new(sources.SharesOf(plan.Plan.EntriesOf(target).Span)),
                }
                : record;
        }
    }
}
