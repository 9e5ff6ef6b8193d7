using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>
/// The most important scores of a method; <c>metrics.json</c> has all. Null for what was not measured.
/// </summary>
internal sealed record MethodScore
{
    private static readonly string[] LeakRates = ["leakRate", "leakTextRate", "leakOverlapRate"];

    /// <summary>Gets the method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the skill by W1: 0 is chance, 1 is real targets.</summary>
    public required double? WassersteinSkill { get; init; }

    /// <summary>Gets the ends of the 95 % interval of <see cref="WassersteinSkill"/>, or null.</summary>
    public required (double Low, double High)? WassersteinInterval { get; init; }

    /// <summary>Gets how much nearer the selection is to the targets' words than the pool is, in nats.</summary>
    public required double? KlReduction { get; init; }

    /// <summary>Gets the mean distance of a held-out target from its nearest selected row.</summary>
    public required double? CoverageDistance { get; init; }

    /// <summary>Gets diversity beside that of random rows: 1 is as diverse as the pool.</summary>
    public required double? VendiToPool { get; init; }

    /// <summary>Gets the share of rows within the bandwidth of another selected row.</summary>
    public required double? NearDuplicateRate { get; init; }

    /// <summary>
    /// Gets the share of rows that repeat one of the test: by distance, by text or by overlap, whichever finds most.
    /// </summary>
    public required double? LeakRate { get; init; }

    /// <summary>Gets the skill by the cross-entropy of a language model.</summary>
    public required double? CrossEntropySkill { get; init; }

    /// <summary>Gets the tokens of the selection.</summary>
    public required double? Tokens { get; init; }

    /// <summary>Gets the relative gap of the certificate; null for methods that prove nothing.</summary>
    public required double? Gap { get; init; }

    /// <summary>
    /// Gets the seconds that selecting took, over all folds; a pass that serves several methods counts for the first.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>Returns the most important scores of a scorecard.</summary>
    internal static MethodScore Of(FinishedMethod method)
    {
        return new MethodScore
        {
            Method = method.Scorecard.Method,
            WassersteinSkill = Skill("wasserstein1"),
            WassersteinInterval = Find("wasserstein1")?.SkillInterval is { } ends ? (ends.Low, ends.High) : null,
            KlReduction = Value("klReduction"),
            CoverageDistance = Value("coverageDistance"),
            VendiToPool = Value("vendiToPool"),
            NearDuplicateRate = Value("nearDuplicateRate"),
            LeakRate = LeakRates.Select(Value).Max(),
            CrossEntropySkill = Skill("crossEntropy"),
            Tokens = Value("tokens"),
            Gap = Value("relativeGap"),
            Seconds = method.Seconds,
        };

        double? Value(string name) => Finite(Find(name)?.Value);

        double? Skill(string name) => Finite(Find(name)?.Skill);

        MetricValue? Find(string name) => method.Scorecard.Metrics.FirstOrDefault(metric => metric.Name == name);

        static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
    }
}
