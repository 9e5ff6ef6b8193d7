namespace Tsds.Jobs.Inputs;

/// <summary>
/// Candidates that were taken out of a larger pool by their likeness to targets: centering and relevance are taken from
/// a random sample of that pool in their place.
/// </summary>
/// <param name="candidates">The candidates.</param>
/// <param name="sample">The sample, in the same space.</param>
internal sealed class ReferredPool(ICandidatePool candidates, ICandidatePool sample) : ICandidatePool
{
    /// <inheritdoc/>
    public long Count => candidates.Count;

    /// <inheritdoc/>
    public int Dimension => candidates.Dimension;

    /// <inheritdoc/>
    public Normalization Normalization => candidates.Normalization;

    /// <inheritdoc/>
    public ICandidatePool Reference => sample;

    /// <inheritdoc/>
    public long IdAt(long position) => candidates.IdAt(position);

    /// <inheritdoc/>
    public ICandidatePool WithView(PoolView view) => new ReferredPool(candidates.WithView(view), sample);

    /// <inheritdoc/>
    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => candidates.FindNearestAsync(targets, k, progress, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => candidates.ReadEmbeddingsAsync(candidateIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<UInt128[]> ReadKeysAsync(long firstId, int count, CancellationToken cancellationToken = default) =>
        candidates.ReadKeysAsync(firstId, count, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => candidates.EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken);
}
