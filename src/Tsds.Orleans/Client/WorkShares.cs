namespace Tsds.Orleans.Client;

/// <summary>Distributes sections among the workers that hold them.</summary>
internal static class WorkShares
{
    /// <summary>
    /// Assigns each section to the holder of the one before, up to its part of the rows, else to the holder with the
    /// fewest rows so far, so that consecutive sections are searched together. Sections with the fewest holders are
    /// assigned first.
    /// </summary>
    /// <param name="sections">The rows of each section.</param>
    /// <param name="open">The sections to deal.</param>
    /// <param name="workers">The workers, in any order.</param>
    /// <param name="holds">Returns true if a worker can search a section.</param>
    /// <returns>The sections of each worker, ascending; and those that no worker can search.</returns>
    public static (Dictionary<ClusterWorker, List<int>> Shares, List<int> Orphans) Deal(
        IReadOnlyList<long> sections,
        IReadOnlyCollection<int> open,
        IReadOnlyList<ClusterWorker> workers,
        Func<ClusterWorker, int, bool> holds
    )
    {
        ClusterWorker[] ordered = [.. workers.OrderBy(worker => worker.Address, StringComparer.Ordinal)];
        Dictionary<ClusterWorker, long> load = ordered.ToDictionary(worker => worker, _ => 0L);
        Dictionary<ClusterWorker, List<int>> shares = [];
        List<int> orphans = [];
        double part = open.Sum(section => sections[section]) / (double)Math.Max(1, ordered.Length);
        ClusterWorker? last = null;
        foreach (
            (int section, ClusterWorker[] holders) in open.Select(section =>
                    (section, Array.FindAll(ordered, worker => holds(worker, section)))
                )
                .OrderBy(pair => pair.Item2.Length)
                .ThenBy(pair => pair.section)
        )
        {
            if (holders.Length == 0)
            {
                orphans.Add(section);
                continue;
            }

            bool goesOn = last is not null && holders.Contains(last) && load[last] + (sections[section] / 2.0) <= part;
            last = goesOn ? last! : holders.MinBy(worker => load[worker])!;
            load[last] += sections[section];
            if (!shares.TryGetValue(last, out List<int>? share))
            {
                shares[last] = share = [];
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
