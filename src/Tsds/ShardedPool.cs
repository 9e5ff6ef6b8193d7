using Tsds.Pools;

namespace Tsds;

/// <summary>
/// A pool made of other pools, its shards. Candidate ids run through the shards in order, and results are those of one
/// pool with the same rows.
/// </summary>
public sealed class ShardedPool : ICandidatePool
{
    private readonly ICandidatePool[] _shards;
    private readonly long[] _firstIds;

    /// <summary>Initializes a pool over shards, which stay the caller's to dispose.</summary>
    /// <param name="shards">At least one; same dimension, same normalization. Shards without candidates are
    /// allowed.</param>
    /// <exception cref="ArgumentException">There is no shard, or they do not fit one another.</exception>
    public ShardedPool(IReadOnlyList<ICandidatePool> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentOutOfRangeException.ThrowIfZero(shards.Count);
        _shards = [.. shards];
        _firstIds = new long[_shards.Length + 1];
        for (int i = 0; i < _shards.Length; i++)
        {
            if (_shards[i].Dimension != Dimension || _shards[i].Normalization != Normalization)
            {
                throw new ArgumentException(
                    $"Expected shards of dimension {Dimension} under {Normalization}, found shard {i} with "
                        + $"{_shards[i].Dimension} under {_shards[i].Normalization}."
                );
            }

            _firstIds[i + 1] = checked(_firstIds[i] + _shards[i].Count);
        }
    }

    /// <inheritdoc/>
    public long Count => _firstIds[^1];

    /// <inheritdoc/>
    public int Dimension => _shards[0].Dimension;

    /// <inheritdoc/>
    public Normalization Normalization => _shards[0].Normalization;

    /// <inheritdoc/>
    public ICandidatePool WithView(PoolView view) =>
        new ShardedPool([.. _shards.Select(shard => shard.WithView(view))]);

    /// <inheritdoc/>
    public async ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        NeighborTable? merged = null;
        for (int i = 0; i < _shards.Length; i++)
        {
            int shardK = (int)Math.Min(k, _shards[i].Count);
            if (shardK > 0)
            {
                NeighborTable table = await _shards[i]
                    .FindNearestAsync(targets, shardK, ShardProgress.Create(progress, _firstIds[i]), cancellationToken)
                    .ConfigureAwait(false);
                merged = NeighborTable.Merge(merged ?? NeighborTable.Empty(targets.Count), table, _firstIds[i], k);
            }
        }

        return merged!;
    }

    /// <inheritdoc/>
    public async ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    )
    {
        float[] values = new float[checked(candidateIds.Length * Dimension)];
        long[] ids = candidateIds.ToArray();
        foreach (long candidateId in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(candidateId, nameof(candidateIds));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(candidateId, Count, nameof(candidateIds));
        }

        for (int i = 0; i < _shards.Length; i++)
        {
            int[] positions =
            [
                .. Enumerable.Range(0, ids.Length).Where(p => ids[p] >= _firstIds[i] && ids[p] < _firstIds[i + 1]),
            ];
            if (positions.Length == 0)
            {
                continue;
            }

            long first = _firstIds[i];
            EmbeddingMatrix rows = await _shards[i]
                .ReadEmbeddingsAsync(Array.ConvertAll(positions, p => ids[p] - first), cancellationToken)
                .ConfigureAwait(false);
            for (int row = 0; row < positions.Length; row++)
            {
                rows[row].CopyTo(values.AsSpan(positions[row] * Dimension));
            }
        }

        return new EmbeddingMatrix(values, Dimension);
    }

    /// <inheritdoc/>
    public async ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        double[] sums = new double[points.Count];
        for (int i = 0; i < _shards.Length; i++)
        {
            double[] densities = await _shards[i]
                .EstimateDensitiesAsync(
                    points,
                    bandwidth,
                    CandidatePool.PopulationWithin(population, _firstIds[i], _shards[i].Count),
                    ShardProgress.Create(progress, _firstIds[i]),
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
}
