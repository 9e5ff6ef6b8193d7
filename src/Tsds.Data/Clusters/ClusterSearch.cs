namespace Tsds.Data.Clusters;

/// <summary>Finds which of the reached candidates are near-duplicates of one another.</summary>
/// <remarks>
/// Two candidates are joined when one is among the 64 nearest of the other, counted among the reached candidates that have a near-duplicate at all, and nearer than the
/// bandwidth; clusters are what is connected. The number bounds tables; two near rows are left unjoined only where both have 64 nearer ones.
/// </remarks>
internal static class ClusterSearch
{
    private const int NeighborCount = 64;

    /// <summary>Candidates whose embeddings and neighbors are in memory at a time.</summary>
    private const int BlockRows = 4_096;

    /// <summary>Finds the clusters.</summary>
    /// <param name="pool">The candidates.</param>
    /// <param name="result">The selection from them.</param>
    /// <param name="scratchPath">A file that does not exist yet, for the embeddings of candidates that have near-duplicates.</param>
    /// <param name="threadCount">Threads; the clusters do not depend on it.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The clusters in the order of their first members; none where no density was taken.</returns>
    public static async Task<IReadOnlyList<RowCluster>> FindAsync(
        ICandidatePool pool, SelectionResult result, string scratchPath, int threadCount, CancellationToken cancellationToken)
    {
        // Itself counts 1: a candidate with more has another one within the bandwidth.
        TransportPlan plan = result.Plan;
        int[] positions = [.. Enumerable.Range(0, plan.CandidateIds.Length).Where(position => plan.Densities.Span[position] > 1)];
        if (positions.Length < 2)
        {
            return [];
        }

        long[] rows = Array.ConvertAll(positions, position => plan.CandidateIds.Span[position]);
        await CopyEmbeddingsAsync(pool, rows, scratchPath, cancellationToken).ConfigureAwait(false);
        using CandidatePool copies = CandidatePool.OpenNpy(
            [scratchPath], new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = threadCount });
        int[] parents = [.. Enumerable.Range(0, rows.Length)];
        double[] nearest = new double[rows.Length];
        foreach (long[] block in Enumerable.Range(0, rows.Length).Select(index => (long)index).Chunk(BlockRows))
        {
            EmbeddingMatrix queries = await copies.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            NeighborTable table = await copies
                .FindNearestAsync(queries, Math.Min(NeighborCount + 1, rows.Length), null, cancellationToken)
                .ConfigureAwait(false);
            for (int query = 0; query < block.Length; query++)
            {
                nearest[block[query]] = Join(parents, (int)block[query], table, query, result.Bandwidth);
            }
        }

        List<RowCluster> clusters = [];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, rows.Length).GroupBy(index => Root(parents, index)).Where(group => group.Skip(1).Any()))
        {
            int representative = members.MaxBy(index => plan.Densities.Span[positions[index]]);
            double[] distances = await DistancesAsync(copies, representative, [.. members], cancellationToken).ConfigureAwait(false);
            clusters.Add(new RowCluster(
                clusters.Count,
                rows[representative],
                [.. members.Select((index, i) => new ClusterMember(rows[index], distances[i], nearest[index], CountOf(result, rows[index])))]));
        }

        return clusters;
    }

    /// <summary>Embeddings lie anywhere in the pool; side by side they are found again and again at no cost in memory.</summary>
    private static async Task CopyEmbeddingsAsync(ICandidatePool pool, long[] rows, string path, CancellationToken cancellationToken)
    {
        using NpyWriter writer = new(path, pool.Dimension);
        foreach (long[] block in rows.Chunk(BlockRows))
        {
            EmbeddingMatrix embeddings = await pool.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            writer.Append(embeddings.Values.Span);
        }

        writer.Complete();
    }

    /// <summary>Joins a row with its neighbors below the bandwidth.</summary>
    /// <returns>The distance to the nearest other row.</returns>
    private static double Join(int[] parents, int index, NeighborTable table, int query, double bandwidth)
    {
        double nearest = double.PositiveInfinity;
        for (int n = 0; n < table.K; n++)
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

    /// <summary>Measures as neighbors are measured, so that the same pair has the same distance everywhere.</summary>
    private static async Task<double[]> DistancesAsync(CandidatePool copies, int from, int[] to, CancellationToken cancellationToken)
    {
        EmbeddingMatrix center = await copies.ReadEmbeddingsAsync(new long[] { from }, cancellationToken).ConfigureAwait(false);
        double[] distances = new double[to.Length];
        for (int first = 0; first < to.Length; first += BlockRows)
        {
            long[] block = [.. to.Skip(first).Take(BlockRows).Select(index => (long)index)];
            EmbeddingMatrix embeddings = await copies.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            using CandidatePool members = CandidatePool.FromEmbeddings(embeddings, new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = 1 });
            NeighborTable table = await members.FindNearestAsync(center, block.Length, null, cancellationToken).ConfigureAwait(false);
            for (int n = 0; n < table.K; n++)
            {
                distances[first + table.CandidateIds(0)[n]] = Math.Sqrt(table.DistancesSquared(0)[n]);
            }
        }

        return distances;
    }

    private static long CountOf(SelectionResult result, long row)
    {
        int position = result.CandidateIds.Span.BinarySearch(row);
        return position >= 0 ? result.Counts.Span[position] : 0;
    }
}
