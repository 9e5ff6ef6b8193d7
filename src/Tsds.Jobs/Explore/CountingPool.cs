namespace Tsds.Jobs.Explore;

/// <summary>Represents a pool that counts what it is asked, neighbors of targets and densities, and answers with more
/// neighbors than were asked for, so that who remembers them asks less often.</summary>
internal sealed class CountingPool : ICandidatePool
{
    private const long MostAtOnce = 4 << 20;

    private readonly ICandidatePool _pool;
    private readonly CountingPool? _whole;
    private long _answers;

    /// <summary>Initializes a counter over a pool, which stays the caller's to dispose.</summary>
    /// <param name="pool">The pool.</param>
    public CountingPool(ICandidatePool pool) => _pool = pool;

    private CountingPool(ICandidatePool pool, CountingPool whole) => (_pool, _whole) = (pool, whole);

    /// <summary>Gets the number of targets whose neighbors were searched, and of points whose density was
    /// estimated.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <inheritdoc/>
    public long Count => _pool.Count;

    /// <inheritdoc/>
    public int Dimension => _pool.Dimension;

    /// <inheritdoc/>
    public Normalization Normalization => _pool.Normalization;

    /// <inheritdoc/>
    public long IdAt(long position) => _pool.IdAt(position);

    /// <inheritdoc/>
    public ICandidatePool WithView(PoolView view) => new CountingPool(_pool.WithView(view), _whole ?? this);

    /// <inheritdoc/>
    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        Add(targets.Count);
        long ample = Math.Min(Count, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)k) * 2);
        return _pool.FindNearestAsync(
            targets,
            ample * targets.Count <= MostAtOnce ? (int)ample : k,
            progress,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => _pool.ReadEmbeddingsAsync(candidateIds, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        Add(points.Count);
        return _pool.EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken);
    }

    private void Add(int count) => Interlocked.Add(ref (_whole ?? this)._answers, count);
}
