namespace Tsds.Sampling;

/// <summary>Finds near-copies among the rows of a plan.</summary>
/// <remarks>
/// Copies of a row lie at its distance from every target. So the rows that have others within a bandwidth are sorted by
/// the first target that reaches them and by their distance from it, and each joins the nearest of the last few groups
/// whose first row is within half a bandwidth, or begins one. Copies with nothing but rounding between them are always
/// found; what is missed of others costs a draw some of its evenness, nothing else.
/// </remarks>
internal static class CopySearch
{
    /// <summary>Groups that a row is compared with.</summary>
    private const int LastGroups = 32;

    /// <summary>Elements that are read at once: 4 MB.</summary>
    private const int ElementsAtOnce = 1 << 20;

    /// <summary>Finds the copies of a plan.</summary>
    /// <param name="pool">Where to read embeddings.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="bandwidth">σ, not negative.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Null where no row has another within the bandwidth.</returns>
    public static async ValueTask<CopyGroups?> FindAsync(
        ICandidatePool pool,
        TransportPlan plan,
        double bandwidth,
        CancellationToken cancellationToken
    )
    {
        double[] weights = Array.ConvertAll(plan.Densities.ToArray(), density => Math.Min(1, 1 / density));
        int[] crowded = [.. Enumerable.Range(0, weights.Length).Where(row => weights[row] < 1)];
        if (crowded.Length == 0 || bandwidth == 0)
        {
            return null;
        }

        int[] groupOf = new int[weights.Length];
        Array.Fill(groupOf, CopyGroups.Alone);
        Sort(crowded, plan);
        LeaderWindow leaders = new(LastGroups, bandwidth / 2, groupOf);
        int atOnce = Math.Max(1, ElementsAtOnce / pool.Dimension);
        foreach (int[] rows in crowded.Chunk(atOnce))
        {
            EmbeddingMatrix embeddings = await pool.ReadEmbeddingsAsync(
                    Array.ConvertAll(rows, row => plan.CandidateIds.Span[row]),
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int i = 0; i < rows.Length; i++)
            {
                leaders.Join(rows[i], embeddings[i]);
            }
        }

        return new CopyGroups(weights, groupOf);
    }

    /// <summary>Sorts rows by the first target that reaches them, their distance from it, and their number.</summary>
    private static void Sort(int[] rows, TransportPlan plan)
    {
        Dictionary<long, (int Target, double Distance)> places = new(rows.Length);
        HashSet<long> ids = [.. rows.Select(row => plan.CandidateIds.Span[row])];
        foreach (TransportEntry entry in plan.Entries.Span)
        {
            if (ids.Contains(entry.CandidateId))
            {
                places.TryAdd(entry.CandidateId, (entry.Target, entry.Distance));
            }
        }

        (int Target, double Distance, int Row)[] keys = Array.ConvertAll(
            rows,
            row =>
            {
                (int target, double distance) = places[plan.CandidateIds.Span[row]];
                return (target, distance, row);
            }
        );
        Array.Sort(keys, rows);
    }
}
