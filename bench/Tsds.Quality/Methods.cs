namespace Tsds.Quality;

/// <summary>The ways of selecting that the table compares.</summary>
internal static class Methods
{
    public const string Automatic = "automatic";

    public const string RoundRobin = "round-robin";

    /// <summary>Gets the methods that are settings of Tsds, by name.</summary>
    public static IReadOnlyDictionary<string, Func<long, SelectionOptions>> Settings { get; } =
        new Dictionary<string, Func<long, SelectionOptions>>
        {
            [Automatic] = budget => new SelectionOptions { Budget = budget },
            ["published"] = budget => new SelectionOptions
            {
                Budget = budget, Alpha = 0.5, Scale = 5, Bandwidth = 0.75, Sampling = SamplingMethod.Multinomial,
            },
            ["uniform"] = budget => new SelectionOptions { Budget = budget, Regularizer = Regularizer.Uniform },
        };

    /// <summary>Round-robin: target after target takes its nearest candidate that nobody took, until the budget is spent.</summary>
    public static async Task<long[]> SelectRoundRobinAsync(ICandidatePool pool, EmbeddingMatrix targets, int budget)
    {
        int k = (int)Math.Min(pool.Count, 256);
        while (true)
        {
            NeighborTable table = await pool.FindNearestAsync(targets, k).ConfigureAwait(false);
            SortedSet<long> taken = [];
            int[] next = new int[targets.Count];
            bool isShort = false;
            while (taken.Count < budget && !isShort)
            {
                for (int target = 0; target < targets.Count && taken.Count < budget; target++)
                {
                    ReadOnlySpan<long> candidates = table.CandidateIds(target);
                    while (next[target] < k && !taken.Add(candidates[next[target]++]))
                    {
                    }

                    isShort |= next[target] == k;
                }
            }

            if (!isShort || k == pool.Count)
            {
                return [.. taken];
            }

            k = (int)Math.Min(pool.Count, 4L * k);
        }
    }
}
