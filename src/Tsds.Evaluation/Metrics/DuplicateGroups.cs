namespace Tsds.Evaluation.Metrics;

/// <summary>Groups of rows that are copies of one another, taken transitively.</summary>
/// <param name="DuplicateRate">Share of the rows that have a copy among the others.</param>
/// <param name="Redundancy">1 − clusters/rows: the share that could go without losing a cluster.</param>
/// <param name="LargestCluster">Rows of the largest cluster; 1 if no row has a copy.</param>
internal sealed record DuplicateGroups(double DuplicateRate, double Redundancy, int LargestCluster)
{
    /// <summary>Groups rows that lie within a distance of each other.</summary>
    /// <param name="rows">Shape [n, dimension], at least one.</param>
    /// <param name="bandwidth">σ, above 0: copies are nearer than this.</param>
    /// <param name="threadCount">Threads; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>
    /// The groups. One exact density pass finds the rows that have a copy at all, which have a density above 1; only
    /// these are compared in pairs. The pass rounds to 2⁻³²: a pair nearer to the bandwidth than σ·2⁻³⁴ may be missed.
    /// </returns>
    public static async Task<DuplicateGroups> WithinAsync(
        EmbeddingMatrix rows,
        double bandwidth,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            rows,
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = threadCount }
        );
        double[] densities = await pool.EstimateDensitiesAsync(rows, bandwidth, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        int[] copied = [.. Enumerable.Range(0, rows.Count).Where(row => densities[row] > 1)];
        List<int>[] near = new List<int>[copied.Length];
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = threadCount,
            CancellationToken = cancellationToken,
        };
        Parallel.For(
            0,
            copied.Length,
            parallel,
            i =>
            {
                near[i] = [];
                for (int j = 0; j < i; j++)
                {
                    if (DistanceMatrix.DistanceSquared(rows[copied[i]], rows[copied[j]]) < bandwidth * bandwidth)
                    {
                        near[i].Add(copied[j]);
                    }
                }
            }
        );
        return OfPairs(rows.Count, copied.SelectMany((row, i) => near[i].Select(other => (row, other))));
    }

    /// <summary>Groups rows that have equal keys.</summary>
    public static DuplicateGroups OfKeys<TKey>(IReadOnlyList<TKey> keys)
        where TKey : notnull
    {
        Dictionary<TKey, int> firsts = [];
        List<(int, int)> pairs = [];
        for (int row = 0; row < keys.Count; row++)
        {
            if (!firsts.TryAdd(keys[row], row))
            {
                pairs.Add((row, firsts[keys[row]]));
            }
        }

        return OfPairs(keys.Count, pairs);
    }

    /// <summary>Groups rows by pairs that are copies of each other.</summary>
    public static DuplicateGroups OfPairs(int rowCount, IEnumerable<(int Row, int Other)> pairs)
    {
        int[] parents = [.. Enumerable.Range(0, rowCount)];
        foreach ((int row, int other) in pairs)
        {
            (int first, int second) = (Root(parents, row), Root(parents, other));
            parents[Math.Max(first, second)] = Math.Min(first, second);
        }

        int[] sizes = new int[rowCount];
        for (int row = 0; row < rowCount; row++)
        {
            sizes[Root(parents, row)]++;
        }

        int clusters = sizes.Count(size => size > 0);
        int alone = sizes.Count(size => size == 1);
        return new DuplicateGroups(
            (double)(rowCount - alone) / rowCount,
            1 - ((double)clusters / rowCount),
            sizes.Max()
        );
    }

    private static int Root(int[] parents, int row)
    {
        while (parents[row] != row)
        {
            parents[row] = parents[parents[row]];
            row = parents[row];
        }

        return row;
    }
}
