using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// The KL reduction: how much nearer a selection is to the targets' hashed n-grams than the pool is, over all targets;
/// with several tasks also the mean over tasks.
/// </summary>
/// <remarks>
/// Under resampled targets their distribution is that of the resampled texts, each weighing by its n-grams; the
/// smoothing of the targets is left out there, which moves the value by less than 10⁻³.
/// </remarks>
/// <param name="pool">The n-grams of the pool.</param>
/// <param name="tasks">The task of each held-out target, from 0; null if all targets belong to one.</param>
internal sealed class NgramMetrics(NgramDistribution pool, IReadOnlyList<int>? tasks) : IHeldOutMetrics
{
    private readonly double[] _poolLogarithms = pool.Logarithms();
    private readonly int[][] _targetsOfTasks =
    [
        .. (tasks ?? [])
            .Select((task, target) => (task, target))
            .GroupBy(pair => pair.task, pair => pair.target)
            .OrderBy(group => group.Key)
            .Select(group => group.ToArray()),
    ];

    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; } =
        tasks is null
            ? [("klReduction", MetricDirection.Larger)]
            : [("klReduction", MetricDirection.Larger), ("klReductionTaskMean", MetricDirection.Larger)];

    public bool CountsWords => false;

    public IReadOnlyList<Func<int, double>> Prepare(Subsample rows)
    {
        double[] logarithms = rows.CountNgrams().Logarithms();
        HeldOutTargets targets = rows.Targets;

        // KL(p ‖ pool) − KL(p ‖ rows) = Σ p (ln rows − ln pool): linear in p, so a sum over texts.
        double[] gains = new double[targets.Count];
        double[] totals = new double[targets.Count];
        for (int target = 0; target < gains.Length; target++)
        {
            foreach ((int bucket, int count) in targets.Rows.Ngrams[target])
            {
                gains[target] += count * (logarithms[bucket] - _poolLogarithms[bucket]);
                totals[target] += count;
            }
        }

        Func<int, double> ofAll = resample => WeightedRatio.Of(gains, totals, targets.WeightsOf(resample));
        return tasks is null ? [ofAll] : [ofAll, MeanOverTasks];

        // A resample may have drawn no target of a task, which then has no say.
        double MeanOverTasks(int resample)
        {
            double[] weights = targets.WeightsOf(resample);
            double[] reductions =
            [
                .. _targetsOfTasks
                    .Select(task => WeightedRatio.Of(Of(task, gains), Of(task, totals), Of(task, weights)))
                    .Where(double.IsFinite),
            ];
            return reductions.Length > 0 ? reductions.Average() : double.NaN;
        }
    }

    private static double[] Of(int[] task, double[] values) => Array.ConvertAll(task, target => values[target]);
}
