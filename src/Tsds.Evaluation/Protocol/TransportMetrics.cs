using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>The transport metrics: W1, its mean over the worst tenth of the targets, and on request W2².</summary>
/// <remarks>
/// Under resampled targets transport is not solved again: the potentials of the solved problem stay feasible, so Σ a u
/// + Σ b' v is a lower bound of each resampled cost, exact to first order in the change of weights. The worst tenth is
/// that of the resampled targets under the solved plan.
/// </remarks>
/// <seealso href="https://doi.org/10.1111/rssb.12236">Sommerfeld, Munk 2018, Inference for empirical Wasserstein
/// distances on finite spaces</seealso>
internal sealed class TransportMetrics(bool isSquared) : IHeldOutMetrics
{
    private const double WorstShare = 0.1;

    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions =>
        isSquared
            ? [("wasserstein2Squared", MetricDirection.Smaller)]
            : [("wasserstein1", MetricDirection.Smaller), ("wasserstein1WorstDecile", MetricDirection.Smaller)];

    public bool CountsWords => false;

    public IReadOnlyList<Func<int, double>> Prepare(Subsample rows)
    {
        HeldOutTargets targets = rows.Targets;
        double[] uniform = targets.WeightsOf(0);
        OptimalTransport transport = OptimalTransport.Solve(
            isSquared ? rows.Between.Squared() : rows.Between,
            rows.Weights,
            uniform
        );
        double[] change = [.. transport.ColumnPotentials];
        int[] worstFirst =
        [
            .. Enumerable
                .Range(0, targets.Count)
                .OrderByDescending(target => transport.ColumnCosts[target])
                .ThenBy(target => target),
        ];
        return isSquared ? [Cost] : [Cost, WorstDecile];

        double Cost(int resample)
        {
            double[] weights = targets.WeightsOf(resample);
            double cost = transport.Cost;
            for (int target = 0; target < weights.Length; target++)
            {
                cost += (weights[target] - uniform[target]) * change[target];
            }

            return Math.Max(0, cost);
        }

        double WorstDecile(int resample)
        {
            double[] weights = targets.WeightsOf(resample);
            double left = WorstShare;
            double sum = 0;
            foreach (int target in worstFirst)
            {
                double taken = Math.Min(left, weights[target]);
                sum += taken * transport.ColumnCosts[target];
                left -= taken;
            }

            return sum / (WorstShare - left);
        }
    }
}
