using System.Text.Json;
using Tsds.Evaluation.Protocol;

namespace Tsds.Evaluation.Comparison;

/// <summary>What to look at first of a method; <c>metrics.json</c> has the rest. NaN where something was not measured.</summary>
public sealed record MethodScore
{
    private static readonly string[] LeakRates = ["leakRate", "leakTextRate", "leakOverlapRate"];

    /// <summary>Gets the method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the skill by W1: 0 is chance, 1 is real targets.</summary>
    public required double WassersteinSkill { get; init; }

    /// <summary>Gets the interval of <see cref="WassersteinSkill"/>, or null.</summary>
    public required Interval? WassersteinInterval { get; init; }

    /// <summary>Gets how much nearer to the targets' words than the pool, in nats.</summary>
    public required double KlReduction { get; init; }

    /// <summary>Gets the mean distance of a held-out target from its nearest selected row.</summary>
    public required double CoverageDistance { get; init; }

    /// <summary>Gets diversity beside that of random rows: 1 is as diverse as the pool.</summary>
    public required double VendiToPool { get; init; }

    /// <summary>Gets the share of rows within the bandwidth of another selected row.</summary>
    public required double NearDuplicateRate { get; init; }

    /// <summary>Gets the share of rows that repeat one of the test: by distance, by text or by overlap, whichever finds most.</summary>
    public required double LeakRate { get; init; }

    /// <summary>Gets the skill by the cross-entropy of a language model.</summary>
    public required double CrossEntropySkill { get; init; }

    /// <summary>Gets the tokens of the selection.</summary>
    public required double Tokens { get; init; }

    /// <summary>Gets the relative gap of the certificate; NaN for methods that prove nothing.</summary>
    public required double Gap { get; init; }

    /// <summary>Gets the seconds that selecting took, over all folds; a pass that serves several methods counts for the first.</summary>
    public required double Seconds { get; init; }

    /// <summary>Reads what a method's file holds.</summary>
    internal static MethodScore Read(JsonElement scorecard, double seconds)
    {
        JsonElement metrics = scorecard.GetProperty("metrics");
        return new MethodScore
        {
            Method = scorecard.GetProperty("method").GetString()!,
            WassersteinSkill = Number("wasserstein1", "skill"),
            WassersteinInterval = ReadInterval(metrics),
            KlReduction = Number("klReduction"),
            CoverageDistance = Number("coverageDistance"),
            VendiToPool = Number("vendiToPool"),
            NearDuplicateRate = Number("nearDuplicateRate"),
            LeakRate = LeakRates.Select(name => Number(name)).Where(rate => !double.IsNaN(rate)).DefaultIfEmpty(double.NaN).Max(),
            CrossEntropySkill = Number("crossEntropy", "skill"),
            Tokens = Number("tokens"),
            Gap = Number("relativeGap"),
            Seconds = seconds,
        };

        double Number(string metric, string part = "value") =>
            metrics.TryGetProperty(metric, out JsonElement found) && found.TryGetProperty(part, out JsonElement number) && number.ValueKind == JsonValueKind.Number
                ? number.GetDouble()
                : double.NaN;
    }

    private static Interval? ReadInterval(JsonElement metrics) =>
        metrics.GetProperty("wasserstein1").TryGetProperty("skillInterval", out JsonElement ends)
            ? new Interval(ends[0].GetDouble(), ends[1].GetDouble())
            : null;
}
