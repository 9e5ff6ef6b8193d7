using Tsds.Numerics;

namespace Tsds.Tasks;

/// <summary>
/// The direction that tells a task's targets from the pool, as the cost of rows that lie short of the targets along it.
/// </summary>
/// <remarks>
/// v = (Σ_P + κ (tr Σ_P / d) I)⁻¹ (μ_Q − μ_P) is Fisher's discriminant, the logarithm of the density ratio of two
/// Gaussians of one covariance; r(x) = v·x, r_Q its median over the targets, r_P its mean over the pool. The cost of a
/// row is b = λ' tr Σ_P max(0, (r_Q − r(x)) / (r_Q − r_P)), λ' = λ·reliability (docs/method.md, section "Relevance").
/// Where half of the targets lie hardly beyond the pool's mean, r_Q − r_P is no unit to measure by: the standard
/// deviation of r over the pool takes its place if it is larger.
/// </remarks>
/// <seealso href="https://doi.org/10.1111/j.1469-1809.1936.tb02137.x">Fisher 1936, The use of multiple measurements in
/// taxonomic problems</seealso>
internal sealed class TaskDiscriminant
{
    private const int FoldCount = 5;

    /// <summary>The tolerance of solutions of which only shares of targets are read.</summary>
    private const double FoldTolerance = 1e-6;

    private readonly PoolView _view;
    private readonly double _unit;
    private readonly double[] _targetScores;
    private readonly double[] _cumulated;

    private TaskDiscriminant(
        PoolView view,
        double unit,
        double reliability,
        (double[] Sorted, double[] Cumulated) targetScores
    )
    {
        _view = view;
        _unit = unit;
        Reliability = reliability;
        (_targetScores, _cumulated) = targetScores;
    }

    /// <summary>Gets the costs of rows that are centered already.</summary>
    public PoolView View => _view;

    /// <summary>Gets the share of λ that the targets bear out.</summary>
    public double Reliability { get; }

    /// <summary>Finds the discriminant of a task.</summary>
    /// <param name="moments">Of the pool.</param>
    /// <param name="group">The targets.</param>
    /// <param name="settings">λ, κ, and how much is made of few targets.</param>
    /// <returns>Null where the targets do not differ from the pool by more than chance.</returns>
    public static TaskDiscriminant? Create(PoolMoments moments, TargetGroup group, RelevanceSettings settings)
    {
        double[] difference = [.. group.Mean.Zip(moments.Mean, (target, pool) => target - pool)];
        double distanceSquared = PoolMoments.Dot(difference, difference);
        double reliability = ReliabilityOf(moments, group, distanceSquared, settings.Caution);
        if (!(moments.Variance > 0 && reliability > 0))
        {
            return null;
        }

        double ridge = settings.Ridge * moments.Variance / difference.Length;
        double[] v = moments.Solve(difference, ridge);
        double[] values = new double[group.Targets.Count];
        for (int target = 0; target < values.Length; target++)
        {
            values[target] = SampleKernels.Dot(v, group.Targets[target]);
        }

        double range = group.Median(values) - PoolMoments.Dot(v, moments.Mean);
        double slope = Math.Max(range, Math.Sqrt(PoolMoments.VarianceAlong(v, difference, ridge)));
        double unit = settings.Weight * reliability * moments.Variance;
        float[] direction = Array.ConvertAll(v, value => (float)(value * (unit / slope)));
        if (!(range > 0 && direction.All(float.IsFinite) && direction.Any(value => value != 0)))
        {
            return null;
        }

        // From the direction as it is rounded, so that the median target has no cost to the last bit.
        for (int target = 0; target < values.Length; target++)
        {
            values[target] = DistanceKernels.Dot(direction, group.Targets[target]);
        }

        return new TaskDiscriminant(
            new PoolView(default, direction, group.Median(values)),
            unit,
            reliability,
            group.Distribution(ScoreHeldOut(moments, group, ridge, v, range, slope))
        );
    }

    /// <summary>Returns the relevance of a row: 1 as the median target, 0 as the mean of the pool.</summary>
    public double ScoreOf(ReadOnlySpan<float> row) =>
        1 - ((_view.Offset - DistanceKernels.Dot(_view.Direction.Span, row)) / _unit);

    /// <summary>
    /// Returns the share of the targets, by weight, that are not more relevant than a score. Each target counts as
    /// relevant as the others find it, as they find the row.
    /// </summary>
    public double TargetShareOf(double score)
    {
        int low = 0;
        int high = _targetScores.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _targetScores[middle] <= score ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : _cumulated[low - 1];
    }

    /// <summary>
    /// Returns the relevance of each target along the direction that the targets of the other folds give; along the
    /// direction of all where there are no others.
    /// </summary>
    /// <remarks>
    /// A target that helped to find the direction lies farther along it than another of its kind, the more so the fewer
    /// targets and the more dimensions there are: no row of the pool would seem as relevant. v depends linearly on the
    /// targets' mean, so a fold costs one more solution.
    /// </remarks>
    private static double[] ScoreHeldOut(
        PoolMoments moments,
        TargetGroup group,
        double ridge,
        double[] direction,
        double range,
        double slope
    )
    {
        double[] scores = new double[group.Targets.Count];
        int folds = Math.Min(FoldCount, scores.Length);
        int[] foldOf = group.AssignFolds(folds);
        for (int fold = 0; fold < folds; fold++)
        {
            double[]? others = group.MeanWithout(foldOf, fold);
            double[] v = others is null
                ? direction
                : moments.Solve([.. others.Zip(moments.Mean, (target, pool) => target - pool)], ridge, FoldTolerance);
            double pool = PoolMoments.Dot(v, moments.Mean);
            for (int target = 0; target < scores.Length; target++)
            {
                if (foldOf[target] == fold)
                {
                    scores[target] = 1 - ((range - (SampleKernels.Dot(v, group.Targets[target]) - pool)) / slope);
                }
            }
        }

        return scores;
    }

    /// <summary>
    /// Returns the share of the distance between targets and pool that is not the chance of few targets: max(0, 1 −
    /// caution·W/(m·D²)).
    /// </summary>
    /// <remarks>
    /// The mean of m targets of variance W is off by W/m in square, and D² holds as much beside what there is between
    /// the groups (James and Stein's estimate, positive part). W is that of the targets, unbiased, with the pool's
    /// variance as one target more: W = (tr Σ_P + m·V)/m, so that one target alone is given no more than that.
    /// </remarks>
    private static double ReliabilityOf(PoolMoments moments, TargetGroup group, double distanceSquared, double caution)
    {
        double count = group.EffectiveCount;
        double variance = (moments.Variance / count) + group.Variance;
        return Math.Clamp(1 - (caution * variance / (count * distanceSquared)), 0, 1);
    }
}
