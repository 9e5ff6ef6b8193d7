using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Explore;

/// <summary>Represents a pool that counts what it is asked, neighbors of targets and densities, and answers with more
/// neighbors than were asked for, so that who remembers them asks less often.</summary>
internal sealed class CountingPool : ICandidatePool
{
    private const long MostAtOnce = 4 << 20;

    private readonly ICandidatePool _pool;
    private readonly CountingPool _root;
    private KnownDensities? _known;
    private Dictionary<UInt128, double>? _densities;
    private long _answers;

    /// <summary>Initializes a counter over a pool, which stays the caller's to dispose.</summary>
    /// <param name="pool">The pool.</param>
    public CountingPool(ICandidatePool pool) => (_pool, _root) = (pool, this);

    private CountingPool(ICandidatePool pool, CountingPool root) => (_pool, _root) = (pool, root);

    /// <summary>Gets the number of targets whose neighbors were searched, and of points whose density was
    /// estimated.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Sets the densities that are known, and are not estimated again; null to estimate all.</summary>
    /// <param name="known">The densities of some rows, as every view of this pool that is asked until then would
    /// estimate them.</param>
    public void Recall(KnownDensities? known) => _known = known;

    /// <inheritdoc/>
    public long Count => _pool.Count;

    /// <inheritdoc/>
    public int Dimension => _pool.Dimension;

    /// <inheritdoc/>
    public Normalization Normalization => _pool.Normalization;

    /// <inheritdoc/>
    public ICandidatePool Reference => ReferenceEquals(_pool.Reference, _pool) ? this : _pool.Reference;

    /// <inheritdoc/>
    public long IdAt(long position) => _pool.IdAt(position);

    /// <inheritdoc/>
    public ICandidatePool WithView(PoolView view) => new CountingPool(_pool.WithView(view), _root);

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
    public async ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (population is not null || _root._known is not { } known || known.Bandwidth != bandwidth)
        {
            Add(points.Count);
            return await _pool
                .EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken)
                .ConfigureAwait(false);
        }

        _densities ??= await known.FindAsync(_pool, cancellationToken).ConfigureAwait(false);
        UInt128[] keys = CachedPool.KeysOf(points);
        int[] missing = [.. Enumerable.Range(0, keys.Length).Where(point => !_densities.ContainsKey(keys[point]))];
        Add(missing.Length);
        double[] estimated =
            missing.Length > 0
                ? await _pool
                    .EstimateDensitiesAsync(points.Gather(missing), bandwidth, null, progress, cancellationToken)
                    .ConfigureAwait(false)
                : [];
        double[] densities = Array.ConvertAll(keys, key => _densities.GetValueOrDefault(key));
        for (int i = 0; i < missing.Length; i++)
        {
            densities[missing[i]] = estimated[i];
        }

        return densities;
    }

    private void Add(int count) => Interlocked.Add(ref _root._answers, count);
}
