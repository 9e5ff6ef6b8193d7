using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The result of a selection, for the user; the manifest holds the same values.</summary>
public sealed record SelectionSummary
{
    /// <summary>Gets the name of the method that selected.</summary>
    /// <remarks>
    /// One other than optimal transport has no plan; near-duplicates are then those among the chosen rows.
    /// </remarks>
    public required string Method { get; init; }

    /// <summary>Gets the number of candidates, without those left out.</summary>
    public required long PoolRows { get; init; }

    /// <summary>Gets the outcome of the sieve; null if there was none, or it left all rows.</summary>
    public SieveResult? Sieve { get; init; }

    /// <summary>Gets the number of targets.</summary>
    public required long TargetRows { get; init; }

    /// <summary>Gets the rows left out under <see cref="BadRowPolicy.Skip"/>, pool and targets together.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the reached candidates that have another candidate within the bandwidth.</summary>
    public required long NearDuplicateCount { get; init; }

    /// <summary>
    /// Gets the rows that are the same as another, by text or ready-made embedding, which stands for them; 0 if all
    /// are kept.
    /// </summary>
    public long CopyCount { get; init; }

    /// <summary>Gets how well the targets of each task know each other; tasks of one target are left out.</summary>
    public IReadOnlyList<TaskAcquaintance> Acquaintance { get; init; } = [];

    /// <summary>Gets how relevant the rows drawn are, to each task; empty if relevance was off.</summary>
    public IReadOnlyList<RelevanceSummary> Relevance { get; init; } = [];

    /// <summary>
    /// Gets about how many rows of the pool are as near to a target as the targets are to one another, where the budget
    /// is larger than that; else null.
    /// </summary>
    public long? AlikeRows { get; init; }

    /// <summary>Gets the bandwidth σ as used; 0 when no near-duplicates were looked for.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the summary of the plan, or null if a method without a plan selected.</summary>
    public required PlanSummary? Plan { get; init; }

    /// <summary>Gets the number of rows asked for.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the rows drawn, repeats counted.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the different rows drawn.</summary>
    public required long DistinctRows { get; init; }

    /// <summary>
    /// Gets the sources with the largest share of the selected rows, largest first; empty for vectors without rows.
    /// </summary>
    public required IReadOnlyList<SourceShare> TopSources { get; init; }

    /// <summary>Gets the outcome of a budget in tokens, or null if it was in rows.</summary>
    public TokenTotal? Tokens { get; init; }

    /// <summary>Gets the effects of caps and floors, in the order in which they were given.</summary>
    public IReadOnlyList<BoundedShare> Shares { get; init; } = [];

    /// <summary>
    /// Gets the tasks with their shares, in the order in which they were named; empty if there is one that nobody
    /// named.
    /// </summary>
    public IReadOnlyList<TaskShare> Tasks { get; init; } = [];

    /// <summary>
    /// Gets the counts of candidates that were left out because they repeat given rows, by option; empty if none were
    /// given.
    /// </summary>
    public IReadOnlyList<ExclusionCount> Excluded { get; init; } = [];

    /// <summary>
    /// Gets the targets that were hardest to reach: the largest distance to the nearest candidate first.
    /// </summary>
    public required IReadOnlyList<HardTarget> HardestTargets { get; init; }

    /// <summary>
    /// Gets the settings that were tried, the chosen one marked; empty if the data chose none.
    /// </summary>
    public IReadOnlyList<TuningPoint> Tuning { get; init; } = [];

    /// <summary>
    /// Gets a short description of the numbers of embedded rows and of known vectors; null for ready-made embeddings.
    /// </summary>
    public string? Embedding { get; init; }

    /// <summary>
    /// Gets the estimated time of a better embedder for these rows on this machine, in words; null where none is at
    /// hand, or the embedder is no cheaper one.
    /// </summary>
    public string? BetterEmbedder { get; init; }

    /// <summary>
    /// Gets a short description of the use of the index, or the reason why it was not used; null if none was given.
    /// </summary>
    public string? Index { get; init; }

    /// <summary>Gets the paths of the files written.</summary>
    public required IReadOnlyList<string> FilesWritten { get; init; }

    /// <summary>Gets the wall time.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets the peak resident memory of the process, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}
