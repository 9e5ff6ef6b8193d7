namespace Tsds.Evaluation.Protocol;

/// <summary>
/// The data by which selections are judged: embeddings of pool and targets, the same for all methods, with texts,
/// sources and tokens.
/// </summary>
/// <remarks>Metrics whose input is missing are left out of the scorecards.</remarks>
internal sealed record EvaluationData
{
    /// <summary>Gets the candidates.</summary>
    public required ICandidatePool Pool { get; init; }

    /// <summary>
    /// Gets the ids of the candidates that must not be chosen, ascending, none twice. Random selections do not choose
    /// them either, and they are not part of the pool's statistics.
    /// </summary>
    public ReadOnlyMemory<long> HiddenIds { get; init; }

    /// <summary>
    /// Gets all examples of the task, of the selection split and held-out alike; shape [targets, dimension], normalized
    /// as the pool is.
    /// </summary>
    public required EmbeddingMatrix Targets { get; init; }

    /// <summary>Gets the texts of the pool by row, or null.</summary>
    public IReadOnlyList<string>? PoolTexts { get; init; }

    /// <summary>Gets the texts of the targets; not null if <see cref="PoolTexts"/> is not.</summary>
    public IReadOnlyList<string>? TargetTexts { get; init; }

    /// <summary>
    /// Gets the group of each target, or null if each is its own group. A group is never split and is resampled as a
    /// whole.
    /// </summary>
    public IReadOnlyList<string>? TargetGroups { get; init; }

    /// <summary>
    /// Gets the task of each target, from 0, or null if all belong to one. Each task is split in the same proportion.
    /// </summary>
    public IReadOnlyList<int>? TargetTasks { get; init; }

    /// <summary>Gets the weight of each target when it is held out, or null for equal weights.</summary>
    /// <value>Positive; only their ratios count. Metrics without an interval weigh all targets equally.</value>
    public IReadOnlyList<double>? TargetWeights { get; init; }

    /// <summary>Gets the source of each pool row, or null.</summary>
    public IReadOnlyList<string>? PoolSources { get; init; }

    /// <summary>Gets the number of tokens of each pool row, or null.</summary>
    public IReadOnlyList<long>? PoolTokens { get; init; }

    /// <summary>
    /// Gets the number of supervised tokens of each pool row; not null if <see cref="PoolTokens"/> is not.
    /// </summary>
    public IReadOnlyList<long>? PoolSupervisedTokens { get; init; }

    /// <summary>Gets the source of each target, or null.</summary>
    public IReadOnlyList<string>? TargetSources { get; init; }

    /// <summary>Gets the embeddings of rows that must not be selected, such as a test set, or null.</summary>
    public EmbeddingMatrix? Test { get; init; }

    /// <summary>Gets the texts of these rows, or null.</summary>
    public IReadOnlyList<string>? TestTexts { get; init; }

    /// <summary>Determines whether a candidate must not be chosen.</summary>
    internal bool IsHidden(long candidateId) => HiddenIds.Span.BinarySearch(candidateId) >= 0;
}
