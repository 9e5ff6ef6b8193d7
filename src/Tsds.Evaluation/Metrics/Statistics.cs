namespace Tsds.Evaluation.Metrics;

/// <summary>Computes order statistics.</summary>
internal static class Statistics
{
    /// <summary>
    /// Returns the q-quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan); NaN without
    /// values.
    /// </summary>
    /// <seealso href="https://doi.org/10.1080/00031305.1996.10473566">Hyndman, Fan 1996, Sample quantiles in
    /// statistical packages</seealso>
    public static double Quantile(IReadOnlyList<double> values, double q)
    {
        if (values.Count == 0)
        {
            return double.NaN;
        }

        double[] sorted = [.. values];
        Array.Sort(sorted);
        double position = q * (sorted.Length - 1);
        int below = (int)position;
        return below == sorted.Length - 1
            ? sorted[below]
            : sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }
}
