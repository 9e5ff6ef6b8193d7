using Tsds.Numerics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Finds the neighbors of a target in a view of a pool among those that it has in another view, whose costs are nearly
/// the same: exactly, or not at all.
/// </summary>
/// <remarks>
/// Costs of two views with one mean differ by at most s = |offset − offset'| + ‖direction − direction'‖, since no row
/// is longer than 1. A row that is not among the K nearest of one view lies at v_K or beyond there, hence beyond
/// v_K − s in the other; so the k nearest of the other are among those up to v_k + 2s, where v_K is larger than that.
/// </remarks>
internal static class NearbyView
{
    /// <summary>More than what rounding adds to norms of rows and to sums.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Elements of embeddings that are held at once, and one target's beyond them: 32 MB.</summary>
    private const int MostElements = 8 << 20;

    /// <summary>Returns the most by which the cost of a row differs between two views.</summary>
    /// <param name="one">A view.</param>
    /// <param name="other">Another one.</param>
    /// <param name="normalization">The normalization of the rows.</param>
    /// <returns>The bound; infinite where there is none.</returns>
    public static double SlackBetween(PoolView one, PoolView other, Normalization normalization)
    {
        bool isBounded =
            normalization == Normalization.L2
            && !one.Direction.IsEmpty
            && one.Direction.Length == other.Direction.Length
            && one.Mean.Span.SequenceEqual(other.Mean.Span);
        return isBounded
            ? Rounding
                + (
                    (1 + Rounding)
                    * (
                        Math.Abs(one.Offset - other.Offset)
                        + Math.Sqrt(DistanceKernels.DistanceSquared(one.Direction.Span, other.Direction.Span))
                    )
                )
            : double.PositiveInfinity;
    }

    /// <summary>Returns how many of a target's neighbors hold its k nearest of the other view.</summary>
    /// <param name="distancesSquared">The squared distances of the neighbors, ascending.</param>
    /// <param name="k">The number of neighbors that are wanted.</param>
    /// <param name="slack">The most by which costs differ.</param>
    /// <returns>The number, or null where they may not be among them.</returns>
    public static int? CountNeeded(ReadOnlySpan<double> distancesSquared, int k, double slack)
    {
        if (k >= distancesSquared.Length)
        {
            return null;
        }

        double farthest = distancesSquared[k - 1] + (2 * slack);
        int count = k;
        while (count < distancesSquared.Length && distancesSquared[count] <= farthest)
        {
            count++;
        }

        return count < distancesSquared.Length ? count : null;
    }

    /// <summary>Ranks the neighbors of some targets as a search of their view does.</summary>
    /// <param name="pool">The pool, seen through the view.</param>
    /// <param name="view">The view.</param>
    /// <param name="targets">The targets, centered as the view is.</param>
    /// <param name="neighbors">For each of them its row among the targets, and the candidates to rank.</param>
    /// <param name="k">How many of the candidates are wanted.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>For each target the k nearest, ascending by distance, ties by id.</returns>
    public static async ValueTask<(long[] CandidateIds, double[] DistancesSquared)[]> RankAsync(
        ICandidatePool pool,
        PoolView view,
        EmbeddingMatrix targets,
        IReadOnlyList<(int Target, ReadOnlyMemory<long> CandidateIds)> neighbors,
        int k,
        CancellationToken cancellationToken
    )
    {
        (long[], double[])[] ranked = new (long[], double[])[neighbors.Count];
        int mostRows = Math.Max(1, MostElements / pool.Dimension);
        for (int first = 0, last; first < ranked.Length; first = last)
        {
            // Targets share most of their neighbors, each of which is read once.
            List<long> distinct = [];
            Dictionary<long, int> places = [];
            for (last = first; last < ranked.Length && (last == first || distinct.Count < mostRows); last++)
            {
                foreach (long id in neighbors[last].CandidateIds.Span)
                {
                    if (places.TryAdd(id, distinct.Count))
                    {
                        distinct.Add(id);
                    }
                }
            }

            EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(distinct.ToArray(), cancellationToken)
                .ConfigureAwait(false);
            double[] costs = new double[rows.Count];
            for (int row = 0; row < costs.Length; row++)
            {
                costs[row] = view.CostOf(rows[row]);
            }

            for (int i = first; i < last; i++)
            {
                (int target, ReadOnlyMemory<long> candidateIds) = neighbors[i];
                long[] ids = candidateIds.ToArray();
                double[] distances = new double[ids.Length];
                for (int j = 0; j < ids.Length; j++)
                {
                    int row = places[ids[j]];
                    distances[j] = DistanceKernels.DistanceSquared(rows[row], targets[target]) + costs[row];
                }

                Sort(distances, ids);
                ranked[i] = (ids[..k], distances[..k]);
            }
        }

        return ranked;
    }

    /// <summary>Sorts ids by distance, those at one distance by themselves.</summary>
    private static void Sort(double[] distances, long[] ids)
    {
        Array.Sort(distances, ids);
        for (int first = 0, last; first < ids.Length; first = last)
        {
            last = first + 1;
            while (last < ids.Length && distances[last] == distances[first])
            {
                last++;
            }

            Array.Sort(ids, first, last - first);
        }
    }
}
