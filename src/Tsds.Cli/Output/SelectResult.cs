using System.Text.Json.Serialization;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds select</c> and <c>tsds merge</c>: what the summary says in words.</summary>
internal sealed record SelectResult
{
    /// <summary>Gets the folder of the selection as the user named it.</summary>
    public required string Output { get; init; }

    /// <summary>Gets the method that selected.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the candidates.</summary>
    public required long PoolRows { get; init; }

    /// <summary>Gets the outcome of the sieve; left out if there was none, or it left all rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SieveResult? Sieve { get; init; }

    /// <summary>Gets the targets.</summary>
    public required long TargetRows { get; init; }

    /// <summary>Gets the rows that could not be used.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the rows with another one within the bandwidth.</summary>
    public required long NearDuplicates { get; init; }

    /// <summary>Gets the rows that are the same as another, which stands for them.</summary>
    public required long Copies { get; init; }

    /// <summary>Gets the candidates whose density was evaluated.</summary>
    public required long DensitiesEvaluated { get; init; }

    /// <summary>Gets alpha as used, or null without a plan.</summary>
    public required double? Alpha { get; init; }

    /// <summary>Gets the settings that were tried.</summary>
    public required IReadOnlyList<TuningPoint> Tuning { get; init; }

    /// <summary>Gets the distance scale as used, or null without a plan.</summary>
    public required double? Scale { get; init; }

    /// <summary>Gets the bandwidth as used.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the effective neighbors, or null if they are not defined.</summary>
    public required double? EffectiveNeighbors { get; init; }

    /// <summary>Gets the cost of the plan, or null without one.</summary>
    public required double? Primal { get; init; }

    /// <summary>Gets the bound from below that proves it, or null without a plan.</summary>
    public required double? Dual { get; init; }

    /// <summary>Gets the difference of the two, or null without a plan.</summary>
    public required double? Gap { get; init; }

    /// <summary>Gets a value indicating whether the plan is proven optimal.</summary>
    public required bool Certified { get; init; }

    /// <summary>Gets how well the targets of each task know each other; tasks of one target are left out.</summary>
    public required IReadOnlyList<TaskAcquaintance> Acquaintance { get; init; }

    /// <summary>Gets how relevant the rows drawn are to each task; empty if relevance was off.</summary>
    public required IReadOnlyList<RelevanceSummary> Relevance { get; init; }

    /// <summary>Gets the rows asked for.</summary>
    public required long Budget { get; init; }

    /// <summary>
    /// Gets the rows that are as near as targets are to one another, or null if the budget is not larger.
    /// </summary>
    public required long? AlikeRows { get; init; }

    /// <summary>Gets the rows drawn, repeats counted.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the different rows drawn.</summary>
    public required long DistinctRows { get; init; }

    /// <summary>Gets the different rows that independent draws would give on average, or null without a plan.</summary>
    public required double? ExpectedDistinct { get; init; }

    /// <summary>Gets the sources that gave most rows.</summary>
    public required IReadOnlyList<SourceShare> TopSources { get; init; }

    /// <summary>Gets the tokens asked for, or null if the budget was in rows.</summary>
    public required long? TokensAsked { get; init; }

    /// <summary>Gets the tokens drawn, or null if the budget was in rows.</summary>
    public required long? TokensDrawn { get; init; }

    /// <summary>Gets the effects of caps and floors.</summary>
    public required IReadOnlyList<BoundedShare> Shares { get; init; }

    /// <summary>Gets the tasks.</summary>
    public required IReadOnlyList<TaskShare> Tasks { get; init; }

    /// <summary>Gets the counts of candidates that were left out because they repeat given rows.</summary>
    public required IReadOnlyList<ExclusionCount> Excluded { get; init; }

    /// <summary>Gets the targets that were hardest to reach.</summary>
    public required IReadOnlyList<HardTarget> HardestTargets { get; init; }

    /// <summary>Gets a short description of the number of embedded rows; null for ready-made embeddings.</summary>
    public required string? Embedding { get; init; }

    /// <summary>
    /// Gets the estimated time of a better embedder for these rows on this machine; null where none is at hand.
    /// </summary>
    public required string? BetterEmbedder { get; init; }

    /// <summary>Gets a short description of the use of the index; null if none was given.</summary>
    public required string? Index { get; init; }

    /// <summary>Gets the files written.</summary>
    public required IReadOnlyList<string> FilesWritten { get; init; }

    /// <summary>Gets the wall time.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Gets the peak resident memory.</summary>
    public required long PeakMemoryBytes { get; init; }

    public static SelectResult Of(SelectionSummary summary, string output) =>
        new()
        {
            Output = output,
            Method = summary.Method,
            PoolRows = summary.PoolRows,
            Sieve = summary.Sieve,
            TargetRows = summary.TargetRows,
            SkippedRows = summary.SkippedRows,
            NearDuplicates = summary.NearDuplicateCount,
            Copies = summary.CopyCount,
            DensitiesEvaluated = summary.Plan?.DensitiesEvaluated ?? 0,
            Alpha = summary.Plan?.Alpha,
            Tuning = summary.Tuning,
            Scale = summary.Plan?.Scale,
            Bandwidth = summary.Bandwidth,
            EffectiveNeighbors = summary.Plan?.EffectiveNeighbors,
            Primal = summary.Plan?.Certificate.Primal,
            Dual = summary.Plan?.Certificate.Dual,
            Gap = summary.Plan?.Certificate.Gap,
            Certified = summary.Plan is { Certificate.IsCertified: true },
            Acquaintance = summary.Acquaintance,
            Relevance = summary.Relevance,
            Budget = summary.Budget,
            AlikeRows = summary.AlikeRows,
            Rows = summary.Rows,
            DistinctRows = summary.DistinctRows,
            ExpectedDistinct = summary.Plan?.ExpectedDistinct,
            TopSources = summary.TopSources,
            TokensAsked = summary.Tokens?.Asked,
            TokensDrawn = summary.Tokens?.Drawn,
            Shares = summary.Shares,
            Tasks = summary.Tasks,
            Excluded = summary.Excluded,
            HardestTargets = summary.HardestTargets,
            Embedding = summary.Embedding,
            BetterEmbedder = summary.BetterEmbedder,
            Index = summary.Index,
            FilesWritten = summary.FilesWritten,
            ElapsedSeconds = JsonEvents.Seconds(summary.Elapsed),
            PeakMemoryBytes = summary.PeakMemoryBytes,
        };
}
