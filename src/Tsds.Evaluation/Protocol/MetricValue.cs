using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>A metric of a selection, with the values of random rows and of real targets.</summary>
internal sealed record MetricValue
{
    /// <summary>Gets the name, as in <c>metrics.json</c> and docs/metrics.md.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the direction in which the metric is better.</summary>
    public required MetricDirection Better { get; init; }

    /// <summary>Gets the value: the mean over subsamples and folds; NaN if it cannot be computed.</summary>
    public required double Value { get; init; }

    /// <summary>
    /// Gets the interval of <see cref="Value"/>, or null for metrics that do not depend on the held-out targets.
    /// </summary>
    public Interval? Interval
    {
        get => field ?? Percentiles(Replicates);
        internal init;
    }

    /// <summary>Gets the mean value of the random selections of the same size, or null.</summary>
    public double? Random { get; init; }

    /// <summary>
    /// Gets (random − value)/(random − oracle), all three at the same number of rows or words: 0 is as good as random
    /// rows, 1 as good as real targets. Null if the metric does not judge, or if real targets score no better than
    /// random rows.
    /// </summary>
    public double? Skill { get; init; }

    /// <summary>Gets the interval of <see cref="Skill"/>.</summary>
    public Interval? SkillInterval
    {
        get => Skill is null ? null : field ?? Percentiles(SkillReplicates);
        internal init;
    }

    /// <summary>Gets the value under each resample; empty without held-out targets.</summary>
    internal IReadOnlyList<double> Replicates { get; init; } = [];

    /// <summary>Gets the skill under each resample.</summary>
    internal IReadOnlyList<double> SkillReplicates { get; init; } = [];

    /// <summary>Averages the same metric over folds, replicate by replicate.</summary>
    internal static MetricValue Average(IReadOnlyList<MetricValue> folds) =>
        folds[0] with
        {
            Value = folds.Average(fold => fold.Value),
            Random = folds.All(fold => fold.Random is not null) ? folds.Average(fold => fold.Random) : null,
            Skill = folds.All(fold => fold.Skill is not null) ? folds.Average(fold => fold.Skill) : null,
            Replicates = Average(folds, fold => fold.Replicates),
            SkillReplicates = Average(folds, fold => fold.SkillReplicates),
        };

    private static double[] Average(
        IReadOnlyList<MetricValue> folds,
        Func<MetricValue, IReadOnlyList<double>> replicates
    ) =>
        [
            .. Enumerable
                .Range(0, folds.Min(fold => replicates(fold).Count))
                .Select(i => folds.Average(fold => replicates(fold)[i])),
        ];

    private static Interval? Percentiles(IReadOnlyList<double> replicates)
    {
        double[] known = [.. replicates.Where(value => !double.IsNaN(value))];
        return known.Length == 0
            ? null
            : new Interval(Statistics.Quantile(known, 0.025), Statistics.Quantile(known, 0.975));
    }
}
