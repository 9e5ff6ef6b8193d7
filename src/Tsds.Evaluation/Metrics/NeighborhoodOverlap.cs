namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The overlap of selection and targets in embedding space: shares of the points of one set that lie in balls around
/// points of the other.
/// </summary>
/// <remarks>
/// A ball reaches from its center to the k-th nearest other point of the center's own set, that distance excluded
/// (coverage and density) or included (precision and recall), as published. All from 0 to 1 but density, which has no
/// upper end and is 1 in expectation for equal distributions.
/// </remarks>
/// <param name="Coverage">Share of the targets whose ball holds a row.</param>
/// <param name="Density">1/(kn) Σ over rows of the target balls that hold it: outliers among the targets weigh
/// little.</param>
/// <param name="Precision">Share of the rows in some target's ball.</param>
/// <param name="Recall">Share of the targets in some row's ball.</param>
/// <seealso href="https://arxiv.org/abs/2002.09797">Naeem et al. 2020, Reliable fidelity and diversity metrics for
/// generative models</seealso> <seealso href="https://arxiv.org/abs/1904.06991">Kynkäänniemi et al. 2019, Improved
/// precision and recall metric</seealso>
internal sealed record NeighborhoodOverlap(double Coverage, double Density, double Precision, double Recall)
{
    public const int NeighborCount = 5;

    /// <summary>
    /// Compares two sets, each of more than one point. If a set has five points or fewer, the balls reach to the
    /// farthest point.
    /// </summary>
    /// <param name="within">Distances within the selection, shape [n, n].</param>
    /// <param name="between">Distances of its rows to the targets, shape [n, m].</param>
    /// <param name="withinTargets">Distances within the targets, shape [m, m].</param>
    public static NeighborhoodOverlap Of(DistanceMatrix within, DistanceMatrix between, DistanceMatrix withinTargets)
    {
        double[] rowRadii = Radii(within);
        double[] targetRadii = Radii(withinTargets);
        bool[] isCovered = new bool[between.ColumnCount];
        bool[] isRecalled = new bool[between.ColumnCount];
        int precise = 0;
        long inside = 0;
        for (int row = 0; row < between.RowCount; row++)
        {
            bool isPrecise = false;
            ReadOnlySpan<double> distances = between[row];
            for (int target = 0; target < distances.Length; target++)
            {
                bool isInside = distances[target] < targetRadii[target];
                inside += isInside ? 1 : 0;
                isCovered[target] |= isInside;
                isPrecise |= distances[target] <= targetRadii[target];
                isRecalled[target] |= distances[target] <= rowRadii[row];
            }

            precise += isPrecise ? 1 : 0;
        }

        int k = Math.Min(NeighborCount, withinTargets.RowCount - 1);
        return new NeighborhoodOverlap(
            Share(isCovered),
            (double)inside / ((long)k * between.RowCount),
            (double)precise / between.RowCount,
            Share(isRecalled)
        );
    }

    private static double Share(bool[] flags) => (double)flags.Count(flag => flag) / flags.Length;

    private static double[] Radii(DistanceMatrix within)
    {
        double[] radii = new double[within.RowCount];
        for (int i = 0; i < radii.Length; i++)
        {
            double[] sorted = within[i].ToArray();
            sorted[i] = -1;
            Array.Sort(sorted);
            radii[i] = sorted[Math.Min(NeighborCount, sorted.Length - 1)];
        }

        return radii;
    }
}
