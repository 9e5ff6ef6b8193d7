using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Tasks;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// A pool that caches neighbors and densities, so that many selections for the same targets take one pass over the
/// candidates. Each view of the pool has answers of its own.
/// </summary>
/// <remarks>
/// Answers are those of the pool, for k nearest neighbors begin with the j &lt; k nearest and densities do not depend
/// on their company. Where a view differs little from one that was searched, its neighbors are found among those of the
/// other (<see cref="NearbyView"/>). Memory: 16 bytes for each neighbor of each target, as many as were ever asked for,
/// and about 64 for each density. Not for use by several threads at once.
/// </remarks>
internal sealed class CachedPool : ICandidatePool, ISampleMemory
{
    private readonly ICandidatePool _pool;
    private readonly CachedPool? _whole;
    private readonly PoolView? _view;
    private readonly Dictionary<UInt128, CachedPool> _views = [];
    private readonly Dictionary<UInt128, (long[] CandidateIds, double[] DistancesSquared)> _neighbors = [];

    /// <summary>Densities know no costs, so that views with one mean share them.</summary>
    private Dictionary<(double Bandwidth, UInt128 Point), double> _densities = [];

    /// <summary>Initializes a cache over a pool.</summary>
    /// <param name="pool">The pool.</param>
    public CachedPool(ICandidatePool pool) => _pool = pool;

    private CachedPool(ICandidatePool pool, CachedPool whole, PoolView view) =>
        (_pool, _whole, _view) = (pool, whole, view);

    PoolSample? ISampleMemory.Sample { get; set; }

    public long Count => _pool.Count;

    public int Dimension => _pool.Dimension;

    public Normalization Normalization => _pool.Normalization;

    public long IdAt(long position) => _pool.IdAt(position);

    public ICandidatePool WithView(PoolView view)
    {
        UInt128 key = KeyOf(view);
        if (!_views.TryGetValue(key, out CachedPool? viewed))
        {
            viewed = new CachedPool(_pool.WithView(view), this, view);
            PoolView centering = new(view.Mean, default, 0);
            viewed._densities =
                view.Mean.IsEmpty ? _densities
                : view.Direction.IsEmpty ? viewed._densities
                : ((CachedPool)WithView(centering))._densities;
            _views.Add(key, viewed);
        }

        return viewed;
    }

    public async ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        UInt128[] keys = KeysOf(targets);
        int[] missing =
        [
            .. Enumerable
                .Range(0, keys.Length)
                .Where(target => !(_neighbors.GetValueOrDefault(keys[target]).CandidateIds?.Length >= k)),
        ];
        missing = await RankAgainAsync(targets, keys, missing, k, cancellationToken).ConfigureAwait(false);
        if (missing.Length > 0)
        {
            NeighborTable found = await _pool
                .FindNearestAsync(targets.Gather(missing), k, progress, cancellationToken)
                .ConfigureAwait(false);
            for (int i = 0; i < missing.Length; i++)
            {
                _neighbors[keys[missing[i]]] = (found.CandidateIds(i).ToArray(), found.DistancesSquared(i).ToArray());
            }
        }

        long[] candidateIds = new long[checked(keys.Length * k)];
        double[] distancesSquared = new double[candidateIds.Length];
        for (int target = 0; target < keys.Length; target++)
        {
            (long[] ids, double[] squares) = _neighbors[keys[target]];
            ids.AsSpan(0, k).CopyTo(candidateIds.AsSpan(target * k));
            squares.AsSpan(0, k).CopyTo(distancesSquared.AsSpan(target * k));
        }

        return new NeighborTable(keys.Length, k, candidateIds, distancesSquared);
    }

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => _pool.ReadEmbeddingsAsync(candidateIds, cancellationToken);

    public async ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (population is not null)
        {
            return await _pool
                .EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken)
                .ConfigureAwait(false);
        }

        UInt128[] keys = KeysOf(points);
        int[] missing =
        [
            .. Enumerable.Range(0, keys.Length).Where(point => !_densities.ContainsKey((bandwidth, keys[point]))),
        ];
        if (missing.Length > 0)
        {
            double[] densities = await _pool
                .EstimateDensitiesAsync(points.Gather(missing), bandwidth, null, progress, cancellationToken)
                .ConfigureAwait(false);
            for (int i = 0; i < missing.Length; i++)
            {
                _densities[(bandwidth, keys[missing[i]])] = densities[i];
            }
        }

        return Array.ConvertAll(keys, key => _densities[(bandwidth, key)]);
    }

    /// <summary>
    /// Ranks the neighbors that targets have in the views nearest to this one, where those hold the ones that are
    /// wanted.
    /// </summary>
    /// <returns>The targets that are to be searched.</returns>
    private async ValueTask<int[]> RankAgainAsync(
        EmbeddingMatrix targets,
        UInt128[] keys,
        int[] missing,
        int k,
        CancellationToken cancellationToken
    )
    {
        if (_whole is null || missing.Length == 0)
        {
            return missing;
        }

        (CachedPool Pool, double Slack)[] others =
        [
            .. _whole
                ._views.Values.Where(other => other != this && other._neighbors.Count > 0)
                .Select(other => (other, NearbyView.SlackBetween(_view!, other._view!, Normalization)))
                .Where(other => double.IsFinite(other.Item2))
                .OrderBy(other => other.Item2),
        ];
        List<int> left = [];
        List<(int Target, ReadOnlyMemory<long> CandidateIds)> known = [];
        foreach (int target in missing)
        {
            ReadOnlyMemory<long> near = default;
            foreach ((CachedPool other, double slack) in others)
            {
                if (
                    other._neighbors.TryGetValue(keys[target], out (long[] Ids, double[] Squares) list)
                    && NearbyView.CountNeeded(list.Squares, k, slack) is { } count
                )
                {
                    near = list.Ids.AsMemory(0, count);
                    break;
                }
            }

            if (near.IsEmpty)
            {
                left.Add(target);
            }
            else
            {
                known.Add((target, near));
            }
        }

        (long[], double[])[] ranked = await NearbyView
            .RankAsync(_pool, _view!, targets, known, k, cancellationToken)
            .ConfigureAwait(false);
        for (int i = 0; i < ranked.Length; i++)
        {
            _neighbors[keys[known[i].Target]] = ranked[i];
        }

        return [.. left];
    }

    /// <summary>Returns a key for each point, which is the same for the same values alone.</summary>
    /// <param name="points">The points.</param>
    public static UInt128[] KeysOf(EmbeddingMatrix points)
    {
        UInt128[] keys = new UInt128[points.Count];
        for (int point = 0; point < keys.Length; point++)
        {
            keys[point] = Hash(MemoryMarshal.AsBytes(points[point]));
        }

        return keys;
    }

    private static UInt128 KeyOf(PoolView view) =>
        Hash([
            .. MemoryMarshal.AsBytes(view.Mean.Span),
            .. MemoryMarshal.AsBytes(view.Direction.Span),
            .. BitConverter.GetBytes(view.Mean.Length),
            .. BitConverter.GetBytes(view.Offset),
        ]);

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
