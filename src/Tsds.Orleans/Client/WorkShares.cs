namespace Tsds.Orleans.Client;

/// <summary>Deals sections out to the workers that hold them.</summary>
internal static class WorkShares
{
    /// <summary>Gives each section to the holder that has least so far; the fewer holders a section has, the earlier it is dealt.</summary>
    /// <param name="sections">The rows of each section.</param>
    /// <param name="open">The sections to deal.</param>
    /// <param name="workers">The workers, in any order.</param>
    /// <param name="holds">Whether a worker can search a section.</param>
    /// <returns>The sections of each worker, ascending; and those that nobody can search.</returns>
    public static (Dictionary<ClusterWorker, List<int>> Shares, List<int> Orphans) Deal(
        IReadOnlyList<long> sections, IEnumerable<int> open, IReadOnlyList<ClusterWorker> workers, Func<ClusterWorker, int, bool> holds)
    {
        ClusterWorker[] ordered = [.. workers.OrderBy(worker => worker.Address, StringComparer.Ordinal)];
        Dictionary<ClusterWorker, long> load = ordered.ToDictionary(worker => worker, _ => 0L);
        Dictionary<ClusterWorker, List<int>> shares = [];
        List<int> orphans = [];
        foreach ((int section, ClusterWorker[] holders) in open
            .Select(section => (section, Array.FindAll(ordered, worker => holds(worker, section))))
            .OrderBy(pair => pair.Item2.Length)
            .ThenBy(pair => pair.section))
        {
            if (holders.Length == 0)
            {
                orphans.Add(section);
                continue;
            }

            ClusterWorker least = holders.MinBy(worker => load[worker])!;
            load[least] += sections[section];
            if (!shares.TryGetValue(least, out List<int>? share))
            {
                shares[least] = share = [];
            }

            share.Add(section);
        }

        foreach (List<int> share in shares.Values)
        {
            share.Sort();
        }

        return (shares, orphans);
    }
}
