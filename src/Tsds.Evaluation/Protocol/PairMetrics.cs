using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>The metrics that sum a kernel over pairs: unbiased MMD², or the energy distance.</summary>
/// <remarks>
/// In a resample a target drawn twice would meet itself, and the resampled values would lie beside the value. So among
/// resampled targets pairs of a target with itself are left out, and weigh again what they weigh among the targets as
/// they are: nothing for MMD², Σ b² for the energy distance, whose k(0) is 0.
/// </remarks>
internal sealed class PairMetrics : IHeldOutMetrics
{
    private readonly PairKernel _kernel;
    private readonly double[] _withinTargets;

    /// <summary>
    /// Initializes the metric and computes the term of the targets alone, which is the same for every selection.
    /// </summary>
    public PairMetrics(string name, PairKernel kernel, HeldOutTargets targets, int threadCount)
    {
        Definitions = [(name, MetricDirection.Smaller)];
        _kernel = kernel;
        double[] values = kernel.Apply(targets.Within.Values);
        PairKernel others = kernel with { CountsOwnPair = false };
        double share = kernel.CountsOwnPair ? 1 - targets.WeightsOf(0).Sum(weight => weight * weight) : 1;
        _withinTargets = new double[targets.ResampleCount + 1];
        Parallel.For(
            0,
            _withinTargets.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount },
            resample =>
                _withinTargets[resample] =
                    share * QuadraticDiscrepancy.Within(others, values, targets.WeightsOf(resample))
        );
    }

    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; }

    public bool CountsWords => false;

    public IReadOnlyList<Func<int, double>> Prepare(Subsample rows)
    {
        double[] weights = rows.Weights;
        double within = QuadraticDiscrepancy.Within(_kernel, _kernel.Apply(rows.Within.Values), weights);
        double[] cross = QuadraticDiscrepancy.CrossMeans(_kernel, rows.Between, weights);
        return [Evaluate];

        double Evaluate(int resample)
        {
            double sum = within + _withinTargets[resample];
            double[] targetWeights = rows.Targets.WeightsOf(resample);
            for (int target = 0; target < cross.Length; target++)
            {
                sum -= 2 * targetWeights[target] * cross[target];
            }

            return sum;
        }
    }
}
