using Tsds.Numerics;

namespace Tsds.Neighbors;

/// <summary>Collects the k nearest of each query while a scan runs.</summary>
internal sealed class NearestSink : IPairSink
{
    private readonly EmbeddingMatrix _queries;
    private readonly int _k;
    private readonly TopK[] _nearest;

    /// <summary>Initializes empty selections.</summary>
    /// <param name="queries">The queries of the scan.</param>
    /// <param name="k">Neighbors of each.</param>
    /// <param name="limits">The squared distance beyond which each query looks at nothing.</param>
    public NearestSink(EmbeddingMatrix queries, int k, double[] limits)
    {
        _queries = queries;
        _k = k;
        _nearest = Array.ConvertAll(limits, limit => new TopK(k, limit));
    }

    public bool HasFixedLimits => false;

    public double Limit(int query) => _nearest[query].Limit;

    public void Accept(in ScannedRow candidate, ReadOnlySpan<int> queries)
    {
        foreach (int query in queries)
        {
            double distanceSquared =
                DistanceKernels.DistanceSquared(candidate.Embedding, _queries[query]) + candidate.Cost;
            if (distanceSquared <= _nearest[query].Limit)
            {
                _nearest[query].Add(new Neighbor(distanceSquared, candidate.Id));
            }
        }
    }

    /// <summary>Returns the queries that found fewer than k neighbors within their limit.</summary>
    public int[] Incomplete() => [.. Enumerable.Range(0, _nearest.Length).Where(query => !_nearest[query].IsComplete)];

    /// <summary>Copies the results of another sink for some queries.</summary>
    public void Replace(int[] queries, NearestSink other)
    {
        for (int i = 0; i < queries.Length; i++)
        {
            _nearest[queries[i]] = other._nearest[i];
        }
    }

    public NeighborTable ToTable(int threadCount)
    {
        long[] candidateIds = new long[checked(_nearest.Length * _k)];
        double[] distancesSquared = new double[candidateIds.Length];
        Parallel.For(
            0,
            _nearest.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount },
            query =>
                _nearest[query].MoveTo(candidateIds.AsSpan(query * _k, _k), distancesSquared.AsSpan(query * _k, _k))
        );
        return new NeighborTable(_nearest.Length, _k, candidateIds, distancesSquared);
    }
}
