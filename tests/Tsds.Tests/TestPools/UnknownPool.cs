namespace Tsds.Tests.TestPools;

/// <summary>A pool that knows nothing of views.</summary>
internal class UnknownPool(ICandidatePool pool) : ICandidatePool
{
    public long Count => pool.Count;

    public int Dimension => pool.Dimension;

    public Normalization Normalization => pool.Normalization;

    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => pool.FindNearestAsync(targets, k, progress, cancellationToken);

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => pool.ReadEmbeddingsAsync(candidateIds, cancellationToken);

    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => pool.EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken);
}
