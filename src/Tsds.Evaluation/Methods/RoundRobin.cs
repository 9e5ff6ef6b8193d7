namespace Tsds.Evaluation.Methods;

/// <summary>Takes rows from several lists in turn: in each round every list gives its next one.</summary>
internal static class RoundRobin
{
    private const int FirstDepth = 16;

    /// <summary>
    /// The depth to rank to at first: with it, and with twice as much each time that it was too little, few lists are
    /// ranked deeper than they are read.
    /// </summary>
    public static long FirstDepthOf(long budget, int listCount) =>
        FirstDepth + (4 * ((budget + listCount - 1) / listCount));

    /// <summary>Takes rows.</summary>
    /// <param name="lists">The lists, in the order of their turns.</param>
    /// <param name="budget">The rows to take.</param>
    /// <param name="refills">Where the next row of a list is taken already: true to go on to the next one that is not,
    /// false to let the turn pass.</param>
    /// <returns>
    /// The rows in the order taken, fewer than asked for where the lists hold no more; null where a list was not deep
    /// enough.
    /// </returns>
    public static MethodResult? TryTake(IReadOnlyList<RankedList> lists, long budget, bool refills)
    {
        List<long> rows = [];
        List<double> scores = [];
        HashSet<long> taken = [];
        int[] next = new int[lists.Count];
        int exhausted = 0;
        while (rows.Count < budget && exhausted < lists.Count)
        {
            exhausted = 0;
            for (int turn = 0; turn < lists.Count && rows.Count < budget; turn++)
            {
                RankedList list = lists[turn];
                while (
                    refills && next[turn] < list.CandidateIds.Length && taken.Contains(list.CandidateIds[next[turn]])
                )
                {
                    next[turn]++;
                }

                if (next[turn] == list.CandidateIds.Length)
                {
                    if (!list.IsWhole)
                    {
                        return null;
                    }

                    exhausted++;
                    continue;
                }

                int position = next[turn]++;
                if (taken.Add(list.CandidateIds[position]))
                {
                    rows.Add(list.CandidateIds[position]);
                    scores.Add(list.Scores[position]);
                }
            }
        }

        return new MethodResult(rows.ToArray(), scores.ToArray());
    }
}
