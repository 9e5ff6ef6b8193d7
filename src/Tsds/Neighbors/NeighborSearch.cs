using Tsds.Numerics;

namespace Tsds.Neighbors;

/// <summary>Finds the exact k nearest candidates of each query, in one pass.</summary>
/// <remarks>
/// A pilot over a few candidates predicts how far the k-th lies. The pass then keeps only what lies within, which is
/// little more than k a query; where the prediction was too small, which the count of what was kept shows, the pass is
/// repeated for those queries with a larger one.
/// </remarks>
internal static class NeighborSearch
{
    /// <summary>
    /// The share of the candidates that the pilot reads, 1 in 32, in runs long enough for efficient disk reads.
    /// </summary>
    private const int PilotShare = 32;
    private const int PilotRun = 16;

    /// <summary>The number of candidates per neighbor below which a pilot costs more than it saves.</summary>
    private const int SmallestPilot = 16_384;

    /// <summary>Runs the search.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="queries">Shape [queries, dimension].</param>
    /// <param name="k">From 1 to the number of candidates.</param>
    /// <param name="settings">How to scan.</param>
    /// <param name="farthest">
    /// The squared distance beyond which each query wants no neighbor, or null: rows that have fewer than k within it
    /// end with <see cref="NeighborTable.NoCandidate"/>.
    /// </param>
    public static async Task<NeighborTable> FindAsync(
        IRowSource source,
        EmbeddingMatrix queries,
        int k,
        ScanSettings settings,
        double[]? farthest = null
    )
    {
        double[] limits = await PredictAsync(source, queries, k, settings).ConfigureAwait(false);
        for (int query = 0; query < farthest?.Length; query++)
        {
            limits[query] = Math.Min(limits[query], farthest[query]);
        }

        NearestSink sink = new(queries, k, limits);
        await CandidateScan.RunAsync(source, queries, sink, settings).ConfigureAwait(false);
        int[] shortOf = Array.FindAll(sink.Incomplete(), query => farthest is null || limits[query] < farthest[query]);
        if (shortOf.Length > 0)
        {
            double[] wanted = Array.ConvertAll(shortOf, query => farthest?[query] ?? double.PositiveInfinity);
            NearestSink again = new(queries.Gather(shortOf), k, wanted);
            await CandidateScan
                .RunAsync(source, queries.Gather(shortOf), again, settings with { Progress = null })
                .ConfigureAwait(false);
            sink.Replace(shortOf, again);
        }

        return sink.ToTable(settings.ThreadCount);
    }

    /// <summary>
    /// Returns an upper bound of the memory of a search in addition to the pool, in bytes: packed queries, blocks, up
    /// to 2k neighbors per query, and the table.
    /// </summary>
    public static long EstimateMemory(long queryCount, long k, int dimension, int threadCount) =>
        CandidateScan.EstimateMemory(queryCount, dimension, threadCount) + (queryCount * k * 48);

    /// <summary>
    /// Predicts the squared distance of each query's k-th neighbor from the neighbors in a sample, slightly too large.
    /// </summary>
    private static async Task<double[]> PredictAsync(
        IRowSource source,
        EmbeddingMatrix queries,
        int k,
        ScanSettings settings
    )
    {
        double[] limits = new double[queries.Count];
        Array.Fill(limits, double.PositiveInfinity);
        double expected = (double)k / PilotShare;
        int rank = (int)Math.Ceiling((1.05 * expected) + (4 * Math.Sqrt(expected)) + 8);
        StridedRows sample = new(source, PilotRun, PilotShare);
        bool pays = source.Count >= SmallestPilot && rank * 4L <= sample.Count;
        bool isForced = settings.Shortcuts == ScanShortcuts.Always && rank <= sample.Count;
        if (settings.Shortcuts == ScanShortcuts.Never || !(pays || isForced))
        {
            return limits;
        }

        NearestSink pilot = new(queries, rank, limits);
        await CandidateScan.RunAsync(sample, queries, pilot, settings with { Progress = null }).ConfigureAwait(false);
        NeighborTable table = pilot.ToTable(settings.ThreadCount);
        for (int query = 0; query < limits.Length; query++)
        {
            limits[query] = table.DistancesSquared(query)[^1];
        }

        return limits;
    }
}
