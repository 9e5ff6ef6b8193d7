using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>The metrics of the distance of the targets to their nearest row: mean, median, 95th percentile.</summary>
internal sealed class CoverageMetrics : IHeldOutMetrics
{
    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; } =
    [
        ("coverageDistance", MetricDirection.Smaller),
        ("coverageDistanceMedian", MetricDirection.Smaller),
        ("coverageDistanceP95", MetricDirection.Smaller),
    ];

    public bool CountsWords => false;

    public IReadOnlyList<Func<int, double>> Prepare(Subsample rows)
    {
        HeldOutTargets targets = rows.Targets;
        double[] distances = CoverageDistance.Of(rows.Vectors, targets.Rows.Vectors, rows.ThreadCount).Distances;
        int[] ascending =
        [
            .. Enumerable.Range(0, distances.Length).OrderBy(target => distances[target]).ThenBy(target => target),
        ];
        return [Mean, resample => Quantile(resample, 0.5), resample => Quantile(resample, 0.95)];

        double Mean(int resample)
        {
            double sum = 0;
            double[] weights = targets.WeightsOf(resample);
            for (int target = 0; target < weights.Length; target++)
            {
                sum += weights[target] * distances[target];
            }

            return sum;
        }

        // The smallest distance that covers the share q: the inverse of the weighted distribution.
        double Quantile(int resample, double q)
        {
            double[] weights = targets.WeightsOf(resample);
            double below = 0;
            foreach (int target in ascending)
            {
                below += weights[target];
                if (below >= q - 1e-12)
                {
                    return distances[target];
                }
            }

            return distances[ascending[^1]];
        }
    }
}
