using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The content of a report: a selection and its inputs.</summary>
/// <remarks>
/// All of it is the same for the same input.
/// </remarks>
internal sealed record ReportedSelection
{
    /// <summary>Gets the settings of the selection.</summary>
    public required SelectionSpec Spec { get; init; }

    /// <summary>Gets the selection.</summary>
    public required Selection Chosen { get; init; }

    /// <summary>Gets the number of candidates, without those left out.</summary>
    public required long CandidateCount { get; init; }

    /// <summary>Gets the number of rows of the pool before its sieve, if there was one; else of candidates.</summary>
    public long PoolRows => Sieve?.PoolRows ?? CandidateCount;

    /// <summary>Gets the outcome of the sieve; null if there was none, or it left all rows.</summary>
    public SieveResult? Sieve { get; init; }

    /// <summary>Gets the rows left out under <see cref="BadRowPolicy.Skip"/>, pool and targets together.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the pool with all candidates, those left out too, for their embeddings.</summary>
    public required ICandidatePool Pool { get; init; }

    /// <summary>Gets the embeddings of the targets, normalized as the pool's are.</summary>
    public required EmbeddingMatrix TargetEmbeddings { get; init; }

    /// <summary>Gets the targets, in their order.</summary>
    public required IReadOnlyList<ReportedTarget> Targets { get; init; }

    /// <summary>
    /// Gets the rows that the reporter asked for, by their numbers; empty if only vectors were given.
    /// </summary>
    public required IReadOnlyDictionary<long, ReportedRow> Rows { get; init; }

    /// <summary>
    /// Gets the source of every candidate with positive probability, without a plan of every chosen row; empty if
    /// only vectors were given.
    /// </summary>
    public required IReadOnlyDictionary<long, string> Sources { get; init; }

    /// <summary>
    /// Gets the rows of the pool by source, of the first 10,000 sources met; empty if only vectors were given.
    /// </summary>
    public required IReadOnlyDictionary<string, long> PoolSources { get; init; }

    /// <summary>
    /// Gets the near-duplicates among the candidates with positive probability, without a plan among the chosen rows.
    /// </summary>
    public required IReadOnlyList<DuplicateGroup> Clusters { get; init; }

    /// <summary>
    /// Gets the tasks with their shares of the plan; empty if there is one that nobody named, or no plan.
    /// </summary>
    public required IReadOnlyList<TaskShare> Tasks { get; init; }

    /// <summary>Gets the number of rows that are the same as another, which stands for them.</summary>
    public required long CopyCount { get; init; }

    /// <summary>Gets how well the targets of each task know each other; tasks of one target are left out.</summary>
    public required IReadOnlyList<TaskAcquaintance> Acquaintance { get; init; }

    /// <summary>Gets the counts of candidates that were left out because they repeat given rows.</summary>
    public required IReadOnlyList<ExclusionCount> Excluded { get; init; }

    /// <summary>Gets the manifest as JSON, without what it says of the output files and of the run.</summary>
    public required string Manifest { get; init; }
}
