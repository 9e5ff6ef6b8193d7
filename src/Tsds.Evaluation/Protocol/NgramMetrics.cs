using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>KL reduction: how much nearer to the targets' hashed n-grams than the pool's.</summary>
/// <remarks>Under resampled targets their distribution is that of the resampled texts, each weighing by its n-grams; the smoothing of the targets is left out there, which moves the value by less than 10⁻³.</remarks>
internal sealed class NgramMetrics(NgramDistribution pool) : IHeldOutMetrics
{
    private readonly double[] _poolLogarithms = pool.Logarithms();

    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; } = [("klReduction", MetricDirection.Larger)];

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

        return [resample => WeightedRatio.Of(gains, totals, targets.WeightsOf(resample))];
    }
}
