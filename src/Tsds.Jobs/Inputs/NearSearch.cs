namespace Tsds.Jobs.Inputs;

/// <summary>Finds all candidates within a distance of some points.</summary>
internal static class NearSearch
{
    private const int FirstNeighbors = 32;

    /// <summary>The memory of one search in bytes; more points are searched in several passes.</summary>
    private const long SearchBytes = 256L << 20;

    private const int BytesPerNeighbor = 48;

    /// <summary>Finds all candidates within the distance, each with its nearest point.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="points">Shape [points, dimension], normalized as the pool's embeddings are.</param>
    /// <param name="distance">The largest distance, itself included.</param>
    /// <param name="progress">Receives the number of candidates scanned so far in a pass; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>For each candidate the nearest point, of equally near ones the first, and its distance.</returns>
    public static async Task<Dictionary<long, (int Point, double Distance)>> FindAsync(
        ICandidatePool pool,
        EmbeddingMatrix points,
        double distance,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        Dictionary<long, (int Point, double Distance)> nearest = [];
        List<int> open = [.. Enumerable.Range(0, points.Count)];
        for (long wanted = FirstNeighbors; open.Count > 0; wanted *= 8)
        {
            // Points all of whose neighbors are near have more.
            int k = (int)Math.Min(wanted, pool.Count);
            List<int> left = [];
            foreach (
                int[] batch in open.Chunk((int)Math.Clamp(SearchBytes / ((long)k * BytesPerNeighbor), 1, open.Count))
            )
            {
                NeighborTable table = await pool.FindNearestAsync(points.Gather(batch), k, progress, cancellationToken)
                    .ConfigureAwait(false);
                left.AddRange(batch.Where((point, query) => Add(nearest, table, query, point, distance) == k));
            }

            open = k < pool.Count ? left : [];
        }

        return nearest;
    }

    /// <summary>Adds the neighbors of a point that are near enough, and returns their number.</summary>
    private static int Add(
        Dictionary<long, (int Point, double Distance)> nearest,
        NeighborTable table,
        int query,
        int point,
        double distance
    )
    {
        int count = 0;
        while (count < table.K && Math.Sqrt(table.DistancesSquared(query)[count]) <= distance)
        {
            long candidateId = table.CandidateIds(query)[count];
            double found = Math.Sqrt(table.DistancesSquared(query)[count]);
            if (
                !nearest.TryGetValue(candidateId, out (int Point, double Distance) known)
                || (found, point).CompareTo((known.Distance, known.Point)) < 0
            )
            {
                nearest[candidateId] = (point, found);
            }

            count++;
        }

        return count;
    }
}
