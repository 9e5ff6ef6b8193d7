namespace Tsds.Jobs.Explore;

/// <summary>Finds rows of an open selection by what they mean.</summary>
internal static class NearestRows
{
    /// <summary>Finds the rows that are nearest to a sentence, or to a row.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="text">The sentence; null for a row.</param>
    /// <param name="row">The row; null for a sentence.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidOperationException">There is no embedder for the sentence.</exception>
    public static async Task<IReadOnlyList<NearRow>> FindAsync(
        SelectionExplorer explorer,
        string? text,
        long? row,
        int count,
        CancellationToken cancellationToken
    )
    {
        ICandidatePool pool = explorer.Inputs.Pool.Pool;
        EmbeddingMatrix query;
        if (row is { } number)
        {
            query = await pool.ReadEmbeddingsAsync(new[] { number }, cancellationToken).ConfigureAwait(false);
        }
        else if (explorer.Inputs.Pool.Embedder is { } embedder)
        {
            query = await embedder.EmbedTargetsAsync([text!], cancellationToken).ConfigureAwait(false);
            query = query.Normalize(pool.Normalization);
        }
        else
        {
            throw new InvalidOperationException(
                "Expected an embedder for the sentence, found ready-made vectors; give a row instead."
            );
        }

        // Distances as the selection takes them: from the middle of the pool, where it was centered.
        PoolView centering = new(explorer.Current.Transport?.Views[0].Mean ?? default, default, 0);
        NeighborTable table = await (centering.Mean.IsEmpty ? pool : pool.WithView(centering))
            .FindNearestAsync(centering.Apply(query), (int)Math.Min(count, pool.Count), null, cancellationToken)
            .ConfigureAwait(false);
        return
        [
            .. Enumerable
                .Range(0, table.K)
                .Select(i => new NearRow(table.CandidateIds(0)[i], Math.Sqrt(table.DistancesSquared(0)[i]))),
        ];
    }
}
