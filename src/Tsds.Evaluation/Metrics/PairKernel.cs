namespace Tsds.Evaluation.Metrics;

/// <summary>A function of the distance between two points, by which two sets are compared.</summary>
/// <param name="Evaluate">k(d).</param>
/// <param name="CountsOwnPair">True if a point meets itself: true for V-statistics, false for U-statistics.</param>
internal sealed record PairKernel(Func<double, double> Evaluate, bool CountsOwnPair)
{
    private const double Smallest = 0.25;
    private const int BandwidthCount = 5;

    /// <summary>
    /// Gets −d as V-statistic: <see cref="QuadraticDiscrepancy"/> is the energy distance 2E‖x − y‖ − E‖x − x'‖ − E‖y −
    /// y'‖, never negative.
    /// </summary>
    /// <seealso href="https://doi.org/10.1016/j.jspi.2013.03.018">Székely, Rizzo 2013, Energy statistics</seealso>
    public static PairKernel Energy { get; } = new(distance => -distance, CountsOwnPair: true);

    /// <summary>
    /// Returns the mean of exp(−d²/2h²) over h = ¼, ½, 1, 2, 4 times a median distance, as a U-statistic:
    /// <see cref="QuadraticDiscrepancy"/> is then the unbiased MMD², which may be negative.
    /// </summary>
    /// <param name="medianDistance">Positive; of pool and targets, not of a selection, so that all selections meet the
    /// same kernel.</param>
    /// <seealso href="https://jmlr.org/papers/v13/gretton12a.html">Gretton et al. 2012, A kernel two-sample
    /// test</seealso>
    public static PairKernel Gaussian(double medianDistance)
    {
        double broadest = medianDistance * Smallest * (1 << (BandwidthCount - 1));
        double factor = -1 / (2 * broadest * broadest);
        return new PairKernel(
            distance =>
            {
                // Halving h raises exp(−d²/2h²) to the fourth power.
                double term = Math.Exp(factor * distance * distance);
                double sum = term;
                for (int i = 1; i < BandwidthCount; i++)
                {
                    term *= term;
                    term *= term;
                    sum += term;
                }

                return sum / BandwidthCount;
            },
            CountsOwnPair: false
        );
    }

    /// <summary>Returns k of every pair.</summary>
    public double[] Apply(ReadOnlySpan<double> distances)
    {
        double[] values = new double[distances.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(distances[i]);
        }

        return values;
    }
}
