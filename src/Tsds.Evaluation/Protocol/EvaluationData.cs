namespace Tsds.Evaluation.Protocol;

/// <summary>
/// What selections are judged by: one embedding of pool and targets for all methods, and what is known of the rows
/// beside it.
/// </summary>
/// <remarks>Metrics whose input is missing are left out of the scorecards.</remarks>
public sealed record EvaluationData
{
    /// <summary>Gets the candidates.</summary>
    public required ICandidatePool Pool { get; init; }

    /// <summary>
    /// Gets the ids of the candidates that must not be chosen, ascending, none twice: chance does not choose them
    /// either, and they are not part of what the pool looks like.
    /// </summary>
    public ReadOnlyMemory<long> HiddenIds { get; init; }

    /// <summary>
    /// Gets all examples of the task, those that guide and those that judge; shape [targets, dimension], normalized as
    /// the pool is.
    /// </summary>
    public required EmbeddingMatrix Targets { get; init; }

    /// <summary>Gets the texts of the pool by row, or null.</summary>
    public IReadOnlyList<string>? PoolTexts { get; init; }

    /// <summary>Gets the texts of the targets; not null where <see cref="PoolTexts"/> is not.</summary>
    public IReadOnlyList<string>? TargetTexts { get; init; }

    /// <summary>
    /// Gets the group of each target, which is never split and is resampled as a whole; null where each is its own.
    /// </summary>
    public IReadOnlyList<string>? TargetGroups { get; init; }

    /// <summary>
    /// Gets the task of each target, from 0, or null where all belong to one: each task is split alike.
    /// </summary>
    public IReadOnlyList<int>? TargetTasks { get; init; }

    /// <summary>Gets what each target weighs where it judges, or null for equal weights.</summary>
    /// <value>Positive; only their ratios count. Metrics without an interval take all targets alike.</value>
    public IReadOnlyList<double>? TargetWeights { get; init; }

    /// <summary>Gets the source of each pool row, or null.</summary>
    public IReadOnlyList<string>? PoolSources { get; init; }

    /// <summary>Gets the tokens of each pool row, or null.</summary>
    public IReadOnlyList<long>? PoolTokens { get; init; }

    /// <summary>
    /// Gets the tokens of each pool row that are trained on; not null where <see cref="PoolTokens"/> is not.
    /// </summary>
    public IReadOnlyList<long>? PoolSupervisedTokens { get; init; }

    /// <summary>Gets the source of each target, or null.</summary>
    public IReadOnlyList<string>? TargetSources { get; init; }

    /// <summary>Gets the embeddings of rows that must not be selected, such as a test set, or null.</summary>
    public EmbeddingMatrix? Test { get; init; }

    /// <summary>Gets the texts of these rows, or null.</summary>
    public IReadOnlyList<string>? TestTexts { get; init; }

    /// <summary>Finds out whether a candidate must not be chosen.</summary>
    internal bool IsHidden(long candidateId) => HiddenIds.Span.BinarySearch(candidateId) >= 0;
}
