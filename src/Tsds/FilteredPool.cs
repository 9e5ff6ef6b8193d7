namespace Tsds;

/// <summary>
/// A pool with some candidates hidden. Results are as if the hidden candidates did not exist; the others keep their
/// ids.
/// </summary>
/// <remarks>
/// A hidden candidate is neighbor of no target and adds to no density, so a selection gives it no mass, and the
/// certificate is about the candidates that remain. Ids run to the count of the pool beneath, not to
/// <see cref="Count"/>, so this stands above a <see cref="ShardedPool"/> and not in it.
/// </remarks>
public sealed class FilteredPool : ICandidatePool
{
    private const int FirstSlack = 64;

    private readonly ICandidatePool _pool;
    private readonly ReadOnlyMemory<long> _hiddenIds;
    private readonly bool _areCounted;

    /// <summary>Initializes a view of a pool, which stays the caller's to dispose.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="hiddenIds">Ids of the candidates to hide, ascending, none twice; 8 bytes each are held.</param>
    /// <param name="areCounted">Whether hidden candidates still belong to the pool: they are neighbors of no target,
    /// but add to densities, and centering and relevance are taken from the pool with them.</param>
    /// <exception cref="ArgumentException">The ids are not ascending ids of the pool.</exception>
    public FilteredPool(ICandidatePool pool, ReadOnlyMemory<long> hiddenIds, bool areCounted = false)
    {
        ArgumentNullException.ThrowIfNull(pool);
        long ids = pool.Count == 0 ? 0 : pool.IdAt(pool.Count - 1) + 1;
        ThrowHelper.ThrowIfNotAscendingIds(hiddenIds.Span, ids, nameof(hiddenIds));
        _pool = pool;
        _hiddenIds = hiddenIds;
        _areCounted = areCounted;
    }

    /// <summary>Gets the number of candidates that are not hidden.</summary>
    public long Count => _pool.Count - _hiddenIds.Length;

    /// <inheritdoc/>
    public int Dimension => _pool.Dimension;

    /// <inheritdoc/>
    public Normalization Normalization => _pool.Normalization;

    /// <inheritdoc/>
    public long IdAt(long position)
    {
        // The smallest position beneath with this many candidates before it that are not hidden.
        long low = position;
        long high = Math.Min(position + _hiddenIds.Length, _pool.Count - 1);
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = middle - HiddenUpTo(_pool.IdAt(middle)) < position ? (middle + 1, high) : (low, middle);
        }

        return _pool.IdAt(low);
    }

    /// <summary>Returns the neighbors of a target that the pool beneath is asked for first, to find k.</summary>
    internal long FetchedFor(long k) => k + Math.Min(k + FirstSlack, _hiddenIds.Length);

    /// <inheritdoc/>
    public ICandidatePool Reference => _areCounted || !ReferenceEquals(_pool.Reference, _pool) ? _pool.Reference : this;

    /// <inheritdoc/>
    public ICandidatePool WithView(PoolView view) => new FilteredPool(_pool.WithView(view), _hiddenIds, _areCounted);

    /// <inheritdoc/>
    /// <remarks>
    /// One pass with up to k + 64 neighbors more, and another for the targets that have too many hidden ones among
    /// these, with four times as many more each time; never more than there are hidden candidates. So the pool beneath
    /// holds a table of up to 2k + 64 neighbors for each target, and more only around targets whose neighborhood is
    /// mostly hidden.
    /// </remarks>
    public async ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        long[] candidateIds = new long[checked(targets.Count * k)];
        double[] distancesSquared = new double[candidateIds.Length];
        int[] wanting = [.. Enumerable.Range(0, targets.Count)];
        for (long slack = k + (long)FirstSlack; wanting.Length > 0; slack *= 4)
        {
            int fetched = checked((int)(k + Math.Min(slack, _hiddenIds.Length)));
            EmbeddingMatrix queries = wanting.Length == targets.Count ? targets : targets.Gather(wanting);
            NeighborTable table = await _pool
                .FindNearestAsync(queries, fetched, progress, cancellationToken)
                .ConfigureAwait(false);
            List<int> left = [];
            for (int query = 0; query < wanting.Length; query++)
            {
                int first = wanting[query] * k;
                if (!TryTake(table, query, candidateIds.AsSpan(first, k), distancesSquared.AsSpan(first, k)))
                {
                    left.Add(wanting[query]);
                }
            }

            wanting = [.. left];
        }

        return new NeighborTable(targets.Count, k, candidateIds, distancesSquared);
    }

    /// <inheritdoc/>
    /// <remarks>By the ids of the pool beneath; hidden candidates can be read.</remarks>
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
        if (_areCounted)
        {
            return await _pool
                .EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken)
                .ConfigureAwait(false);
        }

        if (population is { } ids)
        {
            return await _pool
                .EstimateDensitiesAsync(points, bandwidth, WithoutHidden(ids), progress, cancellationToken)
                .ConfigureAwait(false);
        }

        double[] densities = await _pool
            .EstimateDensitiesAsync(points, bandwidth, null, progress, cancellationToken)
            .ConfigureAwait(false);
        if (_hiddenIds.IsEmpty)
        {
            return densities;
        }

        // Terms are multiples of 2⁻³²: what the hidden ones added can be taken away to the last bit.
        double[] hidden = await _pool
            .EstimateDensitiesAsync(points, bandwidth, _hiddenIds, null, cancellationToken)
            .ConfigureAwait(false);
        for (int point = 0; point < densities.Length; point++)
        {
            densities[point] -= hidden[point];
        }

        return densities;
    }

    private int HiddenUpTo(long candidateId)
    {
        int position = _hiddenIds.Span.BinarySearch(candidateId);
        return position >= 0 ? position + 1 : ~position;
    }

    private bool IsHidden(long candidateId) => _hiddenIds.Span.BinarySearch(candidateId) >= 0;

    private ReadOnlyMemory<long> WithoutHidden(ReadOnlyMemory<long> ids) =>
        Array.FindAll(ids.ToArray(), id => !IsHidden(id));

    /// <summary>Copies the first neighbors that are not hidden; returns false if there are too few.</summary>
    private bool TryTake(NeighborTable table, int query, Span<long> candidateIds, Span<double> distancesSquared)
    {
        int taken = 0;
        for (int n = 0; n < table.K && taken < candidateIds.Length; n++)
        {
            long candidateId = table.CandidateIds(query)[n];
            if (!IsHidden(candidateId))
            {
                candidateIds[taken] = candidateId;
                distancesSquared[taken++] = table.DistancesSquared(query)[n];
            }
        }

        return taken == candidateIds.Length;
    }
}
