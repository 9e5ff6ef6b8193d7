namespace Tsds.Jobs.Inputs;

/// <summary>
/// An order of rows in which near ones follow one another, so that a search for a block of them can rule out most
/// others together.
/// </summary>
internal static class NearbyOrder
{
    /// <summary>The number of rows that the others are gathered around.</summary>
    private const int CenterCount = 64;

    /// <summary>The number of rows whose embeddings are in memory at a time.</summary>
    private const int BlockRows = 4_096;

    /// <summary>Orders the rows of a pool by the nearest of a few of them, which follow one another likewise.</summary>
    /// <param name="pool">The rows.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The ids of all rows; those of a single block in their own order.</returns>
    public static async Task<long[]> FindAsync(CandidatePool pool, CancellationToken cancellationToken)
    {
        long[] ids = [.. Enumerable.Range(0, checked((int)pool.Count)).Select(id => (long)id)];
        if (ids.Length <= BlockRows)
        {
            return ids;
        }

        long[] chosen = [.. Enumerable.Range(0, CenterCount).Select(i => (long)i * ids.Length / CenterCount)];
        using CandidatePool centers = CandidatePool.FromEmbeddings(
            await pool.ReadEmbeddingsAsync(chosen, cancellationToken).ConfigureAwait(false),
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        int[] places = await TourAsync(centers, cancellationToken).ConfigureAwait(false);
        int[] keys = new int[ids.Length];
        int row = 0;
        foreach (long[] block in ids.Chunk(BlockRows))
        {
            EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            NeighborTable table = await centers
                .FindNearestAsync(rows, 1, null, cancellationToken)
                .ConfigureAwait(false);
            for (int query = 0; query < block.Length; query++)
            {
                keys[row++] = places[table.CandidateIds(query)[0]];
            }
        }

        return [.. ids.OrderBy(id => keys[id])];
    }

    /// <summary>
    /// Returns the place of each center on a walk that always goes on to the nearest one not seen yet.
    /// </summary>
    private static async Task<int[]> TourAsync(CandidatePool centers, CancellationToken cancellationToken)
    {
        long[] all = [.. Enumerable.Range(0, CenterCount).Select(id => (long)id)];
        NeighborTable table = await centers
            .FindNearestAsync(
                await centers.ReadEmbeddingsAsync(all, cancellationToken).ConfigureAwait(false),
                CenterCount,
                null,
                cancellationToken
            )
            .ConfigureAwait(false);
        int[] places = new int[CenterCount];
        Array.Fill(places, -1);
        int at = 0;
        for (int place = 0; place < CenterCount; place++)
        {
            places[at] = place;
            at = (int)table.CandidateIds(at).ToArray().FirstOrDefault(next => places[next] < 0);
        }

        return places;
    }
}
