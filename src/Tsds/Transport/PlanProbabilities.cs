namespace Tsds.Transport;

/// <summary>
/// Computes the selection probabilities of a plan, summed as those of a solution are, without creating its entries.
/// </summary>
internal static class PlanProbabilities
{
    /// <summary>
    /// Returns p_j by candidate index. Sums run in the order of targets and ranks, so that they are the same every
    /// time.
    /// </summary>
    public static double[] Create(NeighborReach reach, IPlanFamily family, double level)
    {
        double[] probabilities = new double[reach.Candidates.Count];
        double[] masses = [];
        for (int i = 0; i < reach.RowCount; i++)
        {
            int count = family.Cut(i, level).EntryCount;
            if (masses.Length < count)
            {
                masses = new double[2 * count];
            }

            family.WriteMasses(i, level, masses.AsSpan(0, count));
            ReadOnlySpan<int> indexes = reach.Rows[i].CandidateIndexes;
            for (int r = 0; r < count; r++)
            {
                probabilities[indexes[r]] += masses[r];
            }
        }

        return probabilities;
    }
}
