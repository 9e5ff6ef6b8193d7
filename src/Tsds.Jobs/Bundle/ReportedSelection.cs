using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>What a report is made of: a selection and what it was made from.</summary>
/// <remarks>
/// All of it is the same for the same input.
/// </remarks>
internal sealed record ReportedSelection
{
    /// <summary>Gets what was asked for.</summary>
    public required SelectionSpec Spec { get; init; }

    /// <summary>
    /// Gets the rows chosen: with their plan as <see cref="MethodResult.Transport"/> and ascending where optimal
    /// transport chose, else the first choice first.
    /// </summary>
    public required MethodResult Result { get; init; }

    /// <summary>Gets the distance below which two rows are near-duplicates; 0 where they were not looked for.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>
    /// Gets the distance of each target to its nearest chosen row; empty where a plan says how targets are served.
    /// </summary>
    public required IReadOnlyList<double> SelectedDistances { get; init; }

    /// <summary>Gets the rows asked for.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the number of candidates, without those left out.</summary>
    public required long CandidateCount { get; init; }

    /// <summary>Gets the rows left out under <see cref="BadRowPolicy.Skip"/>, pool and targets together.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the pool with all candidates, those left out too, for their embeddings.</summary>
    public required ICandidatePool Pool { get; init; }

    /// <summary>Gets the embeddings of the targets, normalized as the pool's are.</summary>
    public required EmbeddingMatrix TargetEmbeddings { get; init; }

    /// <summary>Gets the targets, in their order.</summary>
    public required IReadOnlyList<ReportedTarget> Targets { get; init; }

    /// <summary>
    /// Gets the rows that the reporter asked for, by their numbers; empty where only vectors were given.
    /// </summary>
    public required IReadOnlyDictionary<long, ReportedRow> Rows { get; init; }

    /// <summary>
    /// Gets the source of every candidate with positive probability, without a plan of every chosen row; empty where
    /// only vectors were given.
    /// </summary>
    public required IReadOnlyDictionary<long, string> Sources { get; init; }

    /// <summary>
    /// Gets the rows of the pool by source, of the first 10,000 sources met; empty where only vectors were given.
    /// </summary>
    public required IReadOnlyDictionary<string, long> PoolSources { get; init; }

    /// <summary>
    /// Gets the near-duplicates among the candidates with positive probability, without a plan among the chosen rows.
    /// </summary>
    public required IReadOnlyList<DuplicateGroup> Clusters { get; init; }

    /// <summary>
    /// Gets the tasks with their shares of the plan; empty where there is one that nobody named, or no plan.
    /// </summary>
    public required IReadOnlyList<TaskShare> Tasks { get; init; }

    /// <summary>Gets what became of a budget in tokens, or null where it was in rows.</summary>
    public required TokenTotal? Tokens { get; init; }

    /// <summary>Gets what caps and floors did.</summary>
    public required IReadOnlyList<BoundedShare> Shares { get; init; }

    /// <summary>Gets the rows that are the same as another, which stands for them.</summary>
    public required long CopyCount { get; init; }

    /// <summary>
    /// Gets the rows of the pool that are as near as the targets are to one another, where the budget is larger; else
    /// null.
    /// </summary>
    public required long? AlikeRows { get; init; }

    /// <summary>Gets what was left out because it repeats given rows.</summary>
    public required IReadOnlyList<ExclusionCount> Excluded { get; init; }

    /// <summary>Gets the settings that were tried before one was chosen, or null.</summary>
    public required SelectionTuning? Tuning { get; init; }

    /// <summary>Gets the manifest as JSON, without what it says of the output files and of the run.</summary>
    public required string Manifest { get; init; }
}
