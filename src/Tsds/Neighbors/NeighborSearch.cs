using Tsds.Numerics;

namespace Tsds.Neighbors;

/// <summary>The exact k nearest candidates of each query, in one pass.</summary>
internal static class NeighborSearch
{
    /// <summary>Runs the search.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="queries">Shape [queries, dimension].</param>
    /// <param name="k">From 1 to the number of candidates.</param>
    /// <param name="settings">How to scan.</param>
    public static async Task<NeighborTable> FindAsync(IRowSource source, EmbeddingMatrix queries, int k, ScanSettings settings)
    {
        NearestSink sink = new(queries, k);
        await CandidateScan.RunAsync(source, queries, sink, settings).ConfigureAwait(false);
        return sink.ToTable();
    }

    /// <summary>The most bytes of a search beyond the pool: packed queries, blocks, up to 2k neighbors a query, and the table.</summary>
    public static long EstimateMemory(long queryCount, long k, int dimension, int threadCount) =>
        CandidateScan.EstimateMemory(queryCount, dimension, threadCount) + (queryCount * k * 48);

    private sealed class NearestSink : IPairSink
    {
        private readonly EmbeddingMatrix _queries;
        private readonly int _k;
        private readonly TopK[] _nearest;

        public NearestSink(EmbeddingMatrix queries, int k)
        {
            _queries = queries;
            _k = k;
            _nearest = new TopK[queries.Count];
            for (int query = 0; query < _nearest.Length; query++)
            {
                _nearest[query] = new TopK(k);
            }
        }

        public double Limit(int query) => _nearest[query].Limit;

        public void Accept(int query, long candidateId, ReadOnlySpan<float> candidate)
        {
            double distanceSquared = DistanceKernels.DistanceSquared(candidate, _queries[query]);
            if (distanceSquared <= _nearest[query].Limit)
            {
                _nearest[query].Add(new Neighbor(distanceSquared, candidateId));
            }
        }

        public NeighborTable ToTable()
        {
            long[] candidateIds = new long[checked(_queries.Count * _k)];
            double[] distancesSquared = new double[candidateIds.Length];
            for (int query = 0; query < _queries.Count; query++)
            {
                int start = query * _k;
                foreach (Neighbor neighbor in _nearest[query].Sort())
                {
                    candidateIds[start] = neighbor.CandidateId;
                    distancesSquared[start] = neighbor.DistanceSquared;
                    start++;
                }
            }

            return new NeighborTable(_queries.Count, _k, candidateIds, distancesSquared);
        }
    }
}
