using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>What a finished job tells its user; the same values are in the manifest.</summary>
public sealed record SelectionSummary
{
    /// <summary>Gets the name of the method that selected.</summary>
    /// <remarks>
    /// One other than optimal transport has no plan: what is said of a plan is then null, NaN or 0, and near-duplicates
    /// are those among the chosen rows.
    /// </remarks>
    public required string Method { get; init; }

    /// <summary>Gets the number of candidates, without those left out.</summary>
    public required long PoolRows { get; init; }

    /// <summary>Gets the number of targets.</summary>
    public required long TargetRows { get; init; }

    /// <summary>Gets the rows left out under <see cref="BadRowPolicy.Skip"/>, pool and targets together.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the reached candidates that have another candidate within the bandwidth.</summary>
    public required long NearDuplicateCount { get; init; }

    /// <summary>Gets the candidates whose density was evaluated.</summary>
    public required long DensitiesEvaluated { get; init; }

    /// <summary>
    /// Gets the rows that are the same as another, by text or ready-made embedding, which stands for them; 0 where all
    /// are kept.
    /// </summary>
    public long CopyCount { get; init; }

    /// <summary>Gets how relevant the rows drawn are, to each task; empty where relevance was off.</summary>
    public IReadOnlyList<RelevanceSummary> Relevance { get; init; } = [];

    /// <summary>
    /// Gets about how many rows of the pool are as near to a target as the targets are to one another, where the budget
    /// is larger than that; else null.
    /// </summary>
    public long? AlikeRows { get; init; }

    /// <summary>Gets α as used.</summary>
    public required double Alpha { get; init; }

    /// <summary>Gets the distance scale C as used.</summary>
    public required double Scale { get; init; }

    /// <summary>Gets the bandwidth σ as used; 0 when no near-duplicates were looked for.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the effective neighbors s, or null under total variation.</summary>
    public required double? EffectiveNeighbors { get; init; }

    /// <summary>Gets the proof of optimality, or null where a method without a plan selected.</summary>
    public required Certificate? Certificate { get; init; }

    /// <summary>Gets the number of rows asked for.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the rows drawn, repeats counted.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the different rows drawn.</summary>
    public required long DistinctRows { get; init; }

    /// <summary>
    /// Gets the different rows that independent draws with replacement would give on average: Σ 1 − (1 − p_j)^B.
    /// </summary>
    public required double ExpectedDistinct { get; init; }

    /// <summary>
    /// Gets the sources with the largest share of the selected rows, largest first; empty for vectors without rows.
    /// </summary>
    public required IReadOnlyList<SourceShare> TopSources { get; init; }

    /// <summary>Gets what became of a budget in tokens, or null where it was in rows.</summary>
    public TokenTotal? Tokens { get; init; }

    /// <summary>Gets what caps and floors did, in the order in which they were given.</summary>
    public IReadOnlyList<BoundedShare> Shares { get; init; } = [];

    /// <summary>
    /// Gets the tasks with their shares, in the order in which they were named; empty where there is one that nobody
    /// named.
    /// </summary>
    public IReadOnlyList<TaskShare> Tasks { get; init; } = [];

    /// <summary>Gets what was left out because it repeats given rows, by option; empty where none were given.</summary>
    public IReadOnlyList<ExclusionCount> Excluded { get; init; } = [];

    /// <summary>
    /// Gets the targets that were hardest to reach: the largest distance to the nearest candidate first.
    /// </summary>
    public required IReadOnlyList<HardTarget> HardestTargets { get; init; }

    /// <summary>
    /// Gets the settings that were tried before one was chosen; null where none was chosen by the data.
    /// </summary>
    public SelectionTuning? Tuning { get; init; }

    /// <summary>
    /// Gets how many rows were embedded and how many vectors were known already, in a few words; null for ready-made
    /// embeddings.
    /// </summary>
    public string? Embedding { get; init; }

    /// <summary>Gets what became of the index that was named, in a few words; null when none was.</summary>
    public string? Index { get; init; }

    /// <summary>Gets the paths of the files written.</summary>
    public required IReadOnlyList<string> FilesWritten { get; init; }

    /// <summary>Gets the wall time.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets the peak resident memory of the process, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}
