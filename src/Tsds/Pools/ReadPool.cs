namespace Tsds.Pools;

/// <summary>
/// A pool as seen through a view, by reading its embeddings: for pools that know nothing of views themselves.
/// </summary>
internal sealed class ReadPool : ICandidatePool
{
    /// <summary>The elements that are read at once: 32 MB.</summary>
    private const int ElementsAtOnce = 1 << 23;

    private readonly ICandidatePool _pool;
    private readonly PoolView _view;

    public ReadPool(ICandidatePool pool, PoolView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        view.CheckFits(pool.Dimension, pool.Normalization);
        _pool = pool;
        _view = view;
    }

    public long Count => _pool.Count;

    public int Dimension => _pool.Dimension;

    public Normalization Normalization => _pool.Normalization;

    public long IdAt(long position) => _pool.IdAt(position);

    public ICandidatePool WithView(PoolView view) => _pool.WithView(view);

    public async ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        NeighborTable merged = NeighborTable.Empty(targets.Count);
        await foreach ((long first, CandidatePool part) in ReadPartsAsync(cancellationToken).ConfigureAwait(false))
        {
            NeighborTable table = await part.FindNearestAsync(
                    targets,
                    (int)Math.Min(k, part.Count),
                    ShardProgress.Create(progress, first),
                    cancellationToken
                )
                .ConfigureAwait(false);
            merged = NeighborTable.Merge(merged, table, first, k);
        }

        return merged;
    }

    public async ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => _view.Apply(await _pool.ReadEmbeddingsAsync(candidateIds, cancellationToken).ConfigureAwait(false));

    public async ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (_view.Mean.IsEmpty)
        {
            return await _pool
                .EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken)
                .ConfigureAwait(false);
        }

        double[] sums = new double[points.Count];
        await foreach ((long first, CandidatePool part) in ReadPartsAsync(cancellationToken).ConfigureAwait(false))
        {
            double[] densities = await part.EstimateDensitiesAsync(
                    points,
                    bandwidth,
                    CandidatePool.PopulationWithin(population, first, part.Count),
                    ShardProgress.Create(progress, first),
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int p = 0; p < sums.Length; p++)
            {
                sums[p] += densities[p];
            }
        }

        return sums;
    }

    /// <summary>Reads part after part, and shows each through the view.</summary>
    private async IAsyncEnumerable<(long First, CandidatePool Part)> ReadPartsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        int atOnce = Math.Max(1, ElementsAtOnce / Dimension);
        for (long first = 0; first < Count; first += atOnce)
        {
            long[] ids = new long[Math.Min(atOnce, Count - first)];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = first + i;
            }

            // Rows come normalized as the pool is; to do it again might change a last bit.
            CandidatePoolOptions options = new() { Normalization = Normalization.None };
            EmbeddingMatrix rows = _view.Apply(
                await _pool.ReadEmbeddingsAsync(ids, cancellationToken).ConfigureAwait(false)
            );
            PoolView costs = new(default, _view.Direction, _view.Offset);
            using CandidatePool part = CandidatePool.FromEmbeddings(rows, options).WithView(costs);
            yield return (first, part);
        }
    }
}
