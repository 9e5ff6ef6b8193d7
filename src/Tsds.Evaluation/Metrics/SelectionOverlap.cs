namespace Tsds.Evaluation.Metrics;

/// <summary>The overlap of selections that differ only in their seed.</summary>
internal static class SelectionOverlap
{
    /// <summary>
    /// Returns the mean over all pairs of selections of |A ∩ B| / |A ∪ B|: 1 if every seed chooses the same rows, 0 if
    /// no two share one; NaN for fewer than two selections.
    /// </summary>
    /// <param name="selections">Rows, ascending, none twice in a selection.</param>
    public static double MeanJaccard(IReadOnlyList<ReadOnlyMemory<long>> selections)
    {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < selections.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum += Jaccard(selections[i].Span, selections[j].Span);
                pairs++;
            }
        }

        return sum / pairs;
    }

    private static double Jaccard(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        int i = 0;
        int j = 0;
        int common = 0;
        while (i < first.Length && j < second.Length)
        {
            int order = first[i].CompareTo(second[j]);
            common += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        int union = first.Length + second.Length - common;
        return union == 0 ? 1 : (double)common / union;
    }
}
