using Tsds.Evaluation.Metrics;

namespace Tsds.Jobs.Inputs;

/// <summary>Finds groups of rows that are near-duplicates of one another.</summary>
/// <remarks>
/// Two rows are joined when one is among the 64 nearest of the other, counted among the rows that are looked at, and
/// nearer than the bandwidth; clusters are what is connected. The number bounds tables; two near rows are left unjoined
/// only where both have 64 nearer ones.
/// </remarks>
internal static class DuplicateSearch
{
    private const int NeighborCount = 64;

    /// <summary>The number of rows whose embeddings and neighbors are in memory at a time.</summary>
    private const int BlockRows = 4_096;

    /// <summary>
    /// The relative addition to the square of the bandwidth, so that no rounding leaves a nearer row out.
    /// </summary>
    private const double Slack = 1e-9;

    /// <summary>The bytes per row: parents, nearest distances, rows and members.</summary>
    private const int BytesPerRow = 128;

    /// <summary>Returns an upper bound of the memory of a search, in bytes.</summary>
    public static long EstimateMemory(long rows, int dimension, int threadCount)
    {
        long block = Math.Min(rows, BlockRows);
        return CandidatePool.EstimateMemory(block, NeighborCount + 1, dimension, threadCount)
            + (block * dimension * sizeof(float))
            + (rows * BytesPerRow);
    }

    /// <summary>Finds the duplicate groups among the reached candidates.</summary>
    /// <param name="pool">The candidates.</param>
    /// <param name="result">The selection from them.</param>
    /// <param name="scratchPath">A file that does not exist yet.</param>
    /// <param name="threadCount">Threads; the clusters do not depend on it.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The clusters, each represented by its densest member; none if no density was taken.</returns>
    public static Task<IReadOnlyList<DuplicateGroup>> FindAsync(
        ICandidatePool pool,
        SelectionResult result,
        string scratchPath,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        // Itself counts 1: a candidate with more has another one within the bandwidth.
        TransportPlan plan = result.Plan;
        List<DuplicateRow> rows = [];
        for (int position = 0; position < plan.CandidateIds.Length; position++)
        {
            if (plan.Densities.Span[position] > 1)
            {
                long id = plan.CandidateIds.Span[position];
                rows.Add(new DuplicateRow(id, plan.Densities.Span[position], CountOf(result, id)));
            }
        }

        return FindAsync(pool, rows, result.Bandwidth, scratchPath, threadCount, cancellationToken);
    }

    /// <summary>Finds the duplicate groups among any rows.</summary>
    /// <param name="pool">The candidates.</param>
    /// <param name="rows">Those to look at, ascending, each once.</param>
    /// <param name="bandwidth">The distance below which two of them are near-duplicates.</param>
    /// <param name="scratchPath">A file that does not exist yet, for their embeddings.</param>
    /// <param name="threadCount">Threads; the clusters do not depend on it.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The clusters in the order of their first members.</returns>
    public static async Task<IReadOnlyList<DuplicateGroup>> FindAsync(
        ICandidatePool pool,
        IReadOnlyList<DuplicateRow> rows,
        double bandwidth,
        string scratchPath,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count < 2 || bandwidth == 0)
        {
            return [];
        }

        await CopyEmbeddingsAsync(pool, [.. rows.Select(row => row.Row)], scratchPath, cancellationToken)
            .ConfigureAwait(false);
        using CandidatePool copies = CandidatePool.OpenNpy(
            [scratchPath],
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = threadCount }
        );
        int[] parents = [.. Enumerable.Range(0, rows.Count)];
        double[] nearest = new double[rows.Count];
        int k = Math.Min(NeighborCount + 1, rows.Count);
        long[] order = await NearbyOrder.FindAsync(copies, cancellationToken).ConfigureAwait(false);
        foreach (long[] block in order.Chunk(BlockRows))
        {
            EmbeddingMatrix queries = await copies.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            double[] limits = new double[block.Length];
            Array.Fill(limits, bandwidth * bandwidth * (1 + Slack));
            if (block.Length > k && block.Length < rows.Count)
            {
                await TightenAsync(limits, queries, k, threadCount, cancellationToken).ConfigureAwait(false);
            }

            NeighborTable table = await copies
                .FindWithinAsync(queries, k, limits, null, cancellationToken)
                .ConfigureAwait(false);
            for (int query = 0; query < block.Length; query++)
            {
                nearest[block[query]] = Join(parents, (int)block[query], table, query, bandwidth);
            }
        }

        List<DuplicateGroup> clusters = [];
        foreach (
            IGrouping<int, int> members in Enumerable
                .Range(0, rows.Count)
                .GroupBy(index => Root(parents, index))
                .Where(group => group.Skip(1).Any())
        )
        {
            int representative = members.MaxBy(index => rows[index].Standing);
            double[] distances = await DistancesAsync(copies, representative, [.. members], cancellationToken)
                .ConfigureAwait(false);
            clusters.Add(
                new DuplicateGroup(
                    clusters.Count,
                    rows[representative].Row,
                    [
                        .. members.Select(
                            (index, i) =>
                                new GroupMember(rows[index].Row, distances[i], nearest[index], rows[index].Count)
                        ),
                    ]
                )
            );
        }

        return clusters;
    }

    /// <summary>
    /// Copies embeddings from all over the pool into one file, where they can be searched repeatedly without taking
    /// memory.
    /// </summary>
    private static async Task CopyEmbeddingsAsync(
        ICandidatePool pool,
        long[] rows,
        string path,
        CancellationToken cancellationToken
    )
    {
        using NpyWriter writer = new(path, pool.Dimension);
        foreach (long[] block in rows.Chunk(BlockRows))
        {
            EmbeddingMatrix embeddings = await pool.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            writer.Append(embeddings.Values.Span);
        }

        writer.Complete();
    }

    /// <summary>
    /// Reduces the limit of each row to the distance of its k-th nearest row of the same block, beyond which the k-th
    /// nearest of all rows cannot lie.
    /// </summary>
    private static async Task TightenAsync(
        double[] limits,
        EmbeddingMatrix block,
        int k,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        using CandidatePool near = CandidatePool.FromEmbeddings(
            block,
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = threadCount }
        );
        NeighborTable table = await near.FindWithinAsync(block, k, limits, null, cancellationToken)
            .ConfigureAwait(false);
        for (int query = 0; query < limits.Length; query++)
        {
            if (table.CandidateIds(query)[^1] != NeighborTable.NoCandidate)
            {
                limits[query] = table.DistancesSquared(query)[^1];
            }
        }
    }

    /// <summary>Joins a row with its neighbors within the bandwidth, and returns the distance of the nearest.</summary>
    /// <returns>The distance to the nearest other row; infinite if none was found within the limits.</returns>
    private static double Join(int[] parents, int index, NeighborTable table, int query, double bandwidth)
    {
        double nearest = double.PositiveInfinity;
        for (int n = 0; n < table.K && table.CandidateIds(query)[n] != NeighborTable.NoCandidate; n++)
        {
            int other = (int)table.CandidateIds(query)[n];
            double distance = Math.Sqrt(table.DistancesSquared(query)[n]);
            if (other == index)
            {
                continue;
            }

            nearest = Math.Min(nearest, distance);
            if (distance >= bandwidth)
            {
                break;
            }

            (int first, int second) = (Root(parents, index), Root(parents, other));
            parents[Math.Max(first, second)] = Math.Min(first, second);
        }

        return nearest;
    }

    private static int Root(int[] parents, int index)
    {
        while (parents[index] != index)
        {
            parents[index] = parents[parents[index]];
            index = parents[index];
        }

        return index;
    }

    /// <summary>
    /// Computes distances as the neighbor search does, so that the same pair has the same distance everywhere.
    /// </summary>
    private static async Task<double[]> DistancesAsync(
        CandidatePool copies,
        int from,
        int[] to,
        CancellationToken cancellationToken
    )
    {
        EmbeddingMatrix center = await copies
            .ReadEmbeddingsAsync(new long[] { from }, cancellationToken)
            .ConfigureAwait(false);
        double[] distances = new double[to.Length];
        for (int first = 0; first < to.Length; first += BlockRows)
        {
            long[] block = [.. to.Skip(first).Take(BlockRows).Select(index => (long)index)];
            EmbeddingMatrix embeddings = await copies
                .ReadEmbeddingsAsync(block, cancellationToken)
                .ConfigureAwait(false);
            for (int row = 0; row < block.Length; row++)
            {
                distances[first + row] = SearchDistance.Between(embeddings[row], center[0]);
            }
        }

        return distances;
    }

    /// <summary>Gets how often a row was drawn.</summary>
    public static long CountOf(SelectionResult result, long row)
    {
        int position = result.CandidateIds.Span.BinarySearch(row);
        return position >= 0 ? result.Counts.Span[position] : 0;
    }
}
