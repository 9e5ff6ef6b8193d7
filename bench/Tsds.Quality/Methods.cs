namespace Tsds.Quality;

/// <summary>The ways of selecting that the table compares.</summary>
internal static class Methods
{
    /// <summary>Gets the methods that are settings of Tsds, by name.</summary>
    public static IReadOnlyDictionary<string, Func<long, SelectionOptions>> Settings { get; } =
        new Dictionary<string, Func<long, SelectionOptions>>
        {
            ["automatic"] = budget => new SelectionOptions { Budget = budget },
            ["published"] = budget => new SelectionOptions
            {
                Budget = budget,
                Alpha = 0.5,
                Scale = 5,
                Bandwidth = 0.75,
                Sampling = SamplingMethod.Multinomial,
            },
            ["uniform"] = budget => new SelectionOptions { Budget = budget, Regularizer = Regularizer.Uniform },
        };

    /// <summary>
    /// Round-robin: target after target names its nearest candidate that it has not named yet, until the budget is spent. Where that one is taken, the
    /// turn is consumed, as published with RDS+ (arXiv 2503.01807), or, refilled, the target goes on to one that nobody took.
    /// </summary>
    public static async Task<long[]> SelectRoundRobinAsync(ICandidatePool pool, EmbeddingMatrix targets, int budget, bool refills)
    {
        int k = (int)Math.Min(pool.Count, 256);
        while (true)
        {
            NeighborTable table = await pool.FindNearestAsync(targets, k).ConfigureAwait(false);
            if (TrySelectRoundRobin(table, budget, refills) is { } taken)
            {
                return [.. taken];
            }

            k = (int)Math.Min(pool.Count, 4L * k);
        }
    }

    private static SortedSet<long>? TrySelectRoundRobin(NeighborTable table, int budget, bool refills)
    {
        SortedSet<long> taken = [];
        int[] next = new int[table.QueryCount];
        while (true)
        {
            for (int target = 0; target < table.QueryCount; target++)
            {
                bool isTaken = false;
                while (!isTaken && next[target] < table.K)
                {
                    isTaken = taken.Add(table.CandidateIds(target)[next[target]++]) || !refills;
                }

                if (taken.Count == budget)
                {
                    return taken;
                }

                if (!isTaken)
                {
                    return null;
                }
            }
        }
    }
}
