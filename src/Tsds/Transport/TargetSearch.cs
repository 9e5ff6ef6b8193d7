namespace Tsds.Transport;

/// <summary>Finds the nearest candidates of targets, for each in its own task's view of the pool.</summary>
internal sealed class TargetSearch
{
    private readonly EmbeddingMatrix _targets;
    private readonly ICandidatePool[] _pools;
    private readonly int[] _tasks;

    /// <summary>Initializes a search.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="pools">The pool as each task sees it; they differ in nothing but the distances of searches.</param>
    /// <param name="tasks">The task of each target.</param>
    public TargetSearch(EmbeddingMatrix targets, ICandidatePool[] pools, int[] tasks)
    {
        _targets = targets;
        _pools = pools;
        _tasks = tasks;
    }

    /// <summary>Gets the number of targets.</summary>
    public int Count => _targets.Count;

    /// <summary>Gets the pool, for what is the same for all tasks.</summary>
    public ICandidatePool Pool => _pools[0];

    /// <summary>
    /// Finds the nearest candidates of some targets, in one pass over the pool for each of their tasks.
    /// </summary>
    /// <param name="targets">The targets, ascending.</param>
    /// <param name="k">Neighbors of each.</param>
    /// <param name="progress">Receives the candidates scanned by each pass; may be null.</param>
    /// <param name="cancellationToken">Stops the passes.</param>
    public async ValueTask<NeighborTable> FindNearestAsync(
        List<int> targets,
        int k,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        int[][] groups =
        [
            .. Enumerable
                .Range(0, targets.Count)
                .GroupBy(position => _tasks[targets[position]])
                .OrderBy(group => group.Key)
                .Select(group => group.ToArray()),
        ];
        NeighborTable[] tables = new NeighborTable[groups.Length];
        for (int group = 0; group < groups.Length; group++)
        {
            int[] rows = Array.ConvertAll(groups[group], position => targets[position]);
            tables[group] = await _pools[_tasks[rows[0]]]
                .FindNearestAsync(
                    rows.Length == _targets.Count ? _targets : _targets.Gather(rows),
                    k,
                    progress,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        return groups.Length == 1 ? tables[0] : Join(targets.Count, k, groups, tables);
    }

    /// <summary>Puts the rows of some tables where they belong.</summary>
    private static NeighborTable Join(int count, int k, int[][] groups, NeighborTable[] tables)
    {
        long[] candidateIds = new long[checked(count * k)];
        double[] distancesSquared = new double[candidateIds.Length];
        for (int group = 0; group < groups.Length; group++)
        {
            for (int row = 0; row < groups[group].Length; row++)
            {
                int first = groups[group][row] * k;
                tables[group].CandidateIds(row).CopyTo(candidateIds.AsSpan(first));
                tables[group].DistancesSquared(row).CopyTo(distancesSquared.AsSpan(first));
            }
        }

        return new NeighborTable(count, k, candidateIds, distancesSquared);
    }
}
