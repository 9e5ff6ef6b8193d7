using Tsds.Jobs.Compare;

namespace Tsds.Cli.Output;

/// <summary>The event <c>method</c> of <c>tsds compare</c>: what to look at first of one method. Null if something
/// was not measured.</summary>
/// <param name="Method">The method.</param>
/// <param name="Wasserstein1Skill">The skill by W1.</param>
/// <param name="Wasserstein1SkillLow">The lower end of its interval.</param>
/// <param name="Wasserstein1SkillHigh">The upper end of its interval.</param>
/// <param name="KlReduction">How much nearer to the targets' words than the pool, in nats.</param>
/// <param name="CoverageDistance">The mean distance of a held-out target from its nearest selected row.</param>
/// <param name="VendiToPool">The diversity beside that of random rows.</param>
/// <param name="NearDuplicateRate">The share of rows within the bandwidth of another selected row.</param>
/// <param name="LeakRate">The share of rows that repeat one of the test.</param>
/// <param name="CrossEntropySkill">The skill by the cross-entropy of a language model.</param>
/// <param name="Tokens">The tokens of the selection.</param>
/// <param name="RelativeGap">The relative gap of the certificate.</param>
/// <param name="Seconds">The seconds that selecting took.</param>
internal sealed record MethodEvent(
    string Method,
    double? Wasserstein1Skill,
    double? Wasserstein1SkillLow,
    double? Wasserstein1SkillHigh,
    double? KlReduction,
    double? CoverageDistance,
    double? VendiToPool,
    double? NearDuplicateRate,
    double? LeakRate,
    double? CrossEntropySkill,
    double? Tokens,
    double? RelativeGap,
    double Seconds
)
{
    public static MethodEvent Of(MethodScore score) =>
        new(
            score.Method,
            score.WassersteinSkill,
            score.WassersteinInterval?.Low,
            score.WassersteinInterval?.High,
            score.KlReduction,
            score.CoverageDistance,
            score.VendiToPool,
            score.NearDuplicateRate,
            score.LeakRate,
            score.CrossEntropySkill,
            score.Tokens,
            score.Gap,
            score.Seconds
        );
}
