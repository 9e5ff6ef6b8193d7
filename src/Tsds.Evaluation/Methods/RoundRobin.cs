namespace Tsds.Evaluation.Methods;

/// <summary>
/// Chooses rows from several ranked lists in turn: in each round, every list contributes its next row.
/// </summary>
internal static class RoundRobin
{
    private const int FirstDepth = 16;

    /// <summary>
    /// Returns the depth to which lists are ranked at first. Starting there and doubling it when it is too small, few
    /// lists are ranked deeper than they are read.
    /// </summary>
    public static long FirstDepthOf(long budget, int listCount) =>
        FirstDepth + (4 * ((budget + listCount - 1) / listCount));

    /// <summary>
    /// Chooses rows from the lists in turn; returns null if a list ended before the budget was reached.
    /// </summary>
    /// <param name="lists">The lists, in the order of their turns.</param>
    /// <param name="budget">The number of rows to choose.</param>
    /// <param name="refills">What to do if the next row of a list is already chosen: true to choose its next free row,
    /// false to skip the turn.</param>
    /// <returns>
    /// The rows in the order chosen, fewer than the budget if the lists hold no more; null if a list was not deep
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
