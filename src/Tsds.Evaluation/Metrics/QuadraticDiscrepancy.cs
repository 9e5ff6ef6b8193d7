namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The discrepancy E k(x, x') + E k(y, y') − 2 E k(x, y) of two weighted sets: MMD² for a Gaussian kernel, the energy
/// distance for the negative distance.
/// </summary>
/// <remarks>
/// As U-statistic the pairs of a point with itself are left out: Σ_{i≠i'} a_i a_i' k / (1 − Σ a²), which for equal
/// weights is the mean over the n(n − 1) other pairs; then both sets need two points with weight. Values have the error
/// of a double sum over n² terms.
/// </remarks>
internal static class QuadraticDiscrepancy
{
    /// <summary>Returns the discrepancy of two sets.</summary>
    /// <param name="kernel">k.</param>
    /// <param name="within">Distances within the first set, shape [n, n].</param>
    /// <param name="between">Distances of the first set to the second, shape [n, m].</param>
    /// <param name="withinOther">Distances within the second set, shape [m, m].</param>
    /// <param name="weights">a, summing to 1.</param>
    /// <param name="otherWeights">b, summing to 1.</param>
    public static double Of(
        PairKernel kernel,
        DistanceMatrix within,
        DistanceMatrix between,
        DistanceMatrix withinOther,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> otherWeights
    )
    {
        double cross = 0;
        double[] means = CrossMeans(kernel, between, weights);
        for (int j = 0; j < means.Length; j++)
        {
            cross += otherWeights[j] * means[j];
        }

        return Within(kernel, kernel.Apply(within.Values), weights)
            + Within(kernel, kernel.Apply(withinOther.Values), otherWeights)
            - (2 * cross);
    }

    /// <summary>Returns Σ_i a_i k(x_i, y_j) for every j.</summary>
    public static double[] CrossMeans(PairKernel kernel, DistanceMatrix between, ReadOnlySpan<double> weights)
    {
        double[] means = new double[between.ColumnCount];
        for (int i = 0; i < between.RowCount; i++)
        {
            ReadOnlySpan<double> row = between[i];
            for (int j = 0; j < means.Length; j++)
            {
                means[j] += weights[i] * kernel.Evaluate(row[j]);
            }
        }

        return means;
    }

    /// <summary>Returns E k(x, x') under weights.</summary>
    /// <param name="kernel">k: whether a point meets itself.</param>
    /// <param name="values">k of all pairs, shape [n, n].</param>
    /// <param name="weights">a, summing to 1.</param>
    public static double Within(PairKernel kernel, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0)
            {
                continue;
            }

            ReadOnlySpan<double> row = values.Slice(i * weights.Length, weights.Length);
            double mean = 0;
            for (int j = 0; j < row.Length; j++)
            {
                mean += weights[j] * row[j];
            }

            sum += weights[i] * (kernel.CountsOwnPair ? mean : mean - (weights[i] * row[i]));
            squares += weights[i] * weights[i];
        }

        return kernel.CountsOwnPair ? sum : sum / (1 - squares);
    }
}
