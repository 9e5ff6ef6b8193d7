using System.Text.Json.Serialization;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Compare;

/// <summary>A metric of a method as <c>metrics.json</c> has it, below its name.</summary>
internal sealed record MetricRecord
{
    /// <summary>Gets the value; NaN if it cannot be taken.</summary>
    public required double Value { get; init; }

    /// <summary>Gets both ends of its interval; null if it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Interval { get; init; }

    /// <summary>Gets "smaller" or "larger"; null for a metric that does not judge.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MetricDirection? Better { get; init; }

    /// <summary>Gets the value of random rows, NaN if it cannot be taken; missing where chance has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<double>))]
    public Optional<double> Random { get; init; }

    /// <summary>Gets the skill, NaN if it cannot be taken; missing for a metric that has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<double>))]
    public Optional<double> Skill { get; init; }

    /// <summary>Gets both ends of its interval; null if it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? SkillInterval { get; init; }

    /// <summary>Returns a metric as it is written.</summary>
    public static MetricRecord Of(MetricValue metric) =>
        new()
        {
            Value = metric.Value,
            Interval = EndsOf(metric.Interval),
            Better = metric.Better == MetricDirection.Neither ? null : metric.Better,
            Random = OptionalOf(metric.Random),
            Skill = OptionalOf(metric.Skill),
            SkillInterval = EndsOf(metric.SkillInterval),
        };

    /// <summary>Returns the metric that was written.</summary>
    /// <param name="name">Its name.</param>
    public MetricValue ToMetric(string name) =>
        new()
        {
            Name = name,
            Better = Better ?? MetricDirection.Neither,
            Value = Value,
            Interval = IntervalOf(Interval),
            Random = Random.IsPresent ? Random.Value : null,
            Skill = Skill.IsPresent ? Skill.Value : null,
            SkillInterval = IntervalOf(SkillInterval),
        };

    private static Optional<double> OptionalOf(double? value) =>
        value is { } number ? new Optional<double>(number) : default;

    private static double[]? EndsOf(Interval? interval) => interval is { } ends ? [ends.Low, ends.High] : null;

    private static Interval? IntervalOf(double[]? ends) =>
        ends is [double low, double high] ? new Interval(low, high) : null;
}
