namespace Tsds.Jobs.Bundle;

/// <summary>
/// Counts the rows that are as near to a target as the targets are to one another: what the pool has for the task.
/// </summary>
/// <remarks>
/// The measure is the distance that nine in ten targets have to their nearest other one, and rows are measured with
/// what relevance adds. Rows within it are all in a plan whose budget is larger, up to those that no target's mass
/// reaches.
/// </remarks>
internal static class AlikeRows
{
    /// <summary>The share of the targets that are as near to another.</summary>
    private const double Share = 0.9;

    /// <summary>
    /// The share of the mass whose targets must look at least as far, for a count to be about complete.
    /// </summary>
    private const double CompleteShare = 0.9;

    /// <summary>Neighbors among which the nearest target that is not the same one is looked for.</summary>
    private const int NeighborCount = 16;

    /// <summary>Targets that are searched at once.</summary>
    private const int AtOnce = 4_096;

    /// <summary>Counts.</summary>
    /// <param name="result">The selection.</param>
    /// <param name="targets">The targets, normalized as the pool is.</param>
    /// <param name="threadCount">Threads; nothing else depends on them.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The rows; null where the selection is not larger, or there are too few targets to say.</returns>
    public static async Task<long?> CountAsync(
        SelectionResult result,
        EmbeddingMatrix targets,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        double[] nearest = await NearestOthersAsync(result, targets, threadCount, cancellationToken)
            .ConfigureAwait(false);
        if (nearest.Length < 10)
        {
            return null;
        }

        double limit = nearest[(int)(Share * (nearest.Length - 1))];
        double farther = result.Targets.Where(target => target.WaterLevel >= limit).Sum(target => target.Weight);
        HashSet<long> alike = [];
        foreach (TransportEntry entry in result.Plan.Entries.Span)
        {
            if (entry.Distance <= limit)
            {
                alike.Add(entry.CandidateId);
            }
        }

        return farther >= CompleteShare && alike.Count < result.CandidateIds.Length ? alike.Count : null;
    }

    /// <summary>The distance of each target to the nearest one that is not the same, ascending.</summary>
    private static async Task<double[]> NearestOthersAsync(
        SelectionResult result,
        EmbeddingMatrix targets,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        EmbeddingMatrix seen = result.Views[0].Apply(targets);
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            seen,
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = threadCount }
        );
        List<double> nearest = [];
        foreach (int[] block in Enumerable.Range(0, seen.Count).Chunk(AtOnce))
        {
            NeighborTable table = await pool.FindNearestAsync(
                    seen.Gather(block),
                    Math.Min(NeighborCount, seen.Count),
                    null,
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int query = 0; query < block.Length; query++)
            {
                double squared = table.DistancesSquared(query).ToArray().FirstOrDefault(distance => distance > 0);
                if (squared > 0)
                {
                    nearest.Add(Math.Sqrt(squared));
                }
            }
        }

        nearest.Sort();
        return [.. nearest];
    }
}
