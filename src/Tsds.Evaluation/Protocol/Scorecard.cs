using System.Text.Json;

namespace Tsds.Evaluation.Protocol;

/// <summary>All metrics of one method.</summary>
public sealed record Scorecard
{
    /// <summary>Gets the name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the number of rows that were compared with the held-out targets.</summary>
    public required int SampleSize { get; init; }

    /// <summary>Gets the number of rows of selection, random selections and real targets behind each skill.</summary>
    public required int SkillSampleSize { get; init; }

    /// <summary>Gets the number of words on which the language model was trained; 0 without texts.</summary>
    public required long WordCount { get; init; }

    /// <summary>
    /// Gets the number of words of selection, random selections and real targets on which the language models behind
    /// the skill were trained; 0 without texts.
    /// </summary>
    public required long SkillWordCount { get; init; }

    /// <summary>Gets the metrics, each name once.</summary>
    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    /// <summary>Gets the metric with a name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">It was not measured.</exception>
    public MetricValue this[string name] =>
        Metrics.FirstOrDefault(metric => metric.Name == name)
        ?? throw new KeyNotFoundException(
            $"Expected a metric that was measured, found '{name}'; there are "
                + $"{string.Join(", ", Metrics.Select(metric => metric.Name))}."
        );

    /// <summary>Writes the scorecard as an object; NaN and infinity as null.</summary>
    /// <param name="json">The writer.</param>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("method", Method);
        json.WriteNumber("sampleSize", SampleSize);
        json.WriteNumber("skillSampleSize", SkillSampleSize);
        json.WriteNumber("wordCount", WordCount);
        json.WriteNumber("skillWordCount", SkillWordCount);
        json.WriteStartObject("metrics");
        foreach (MetricValue metric in Metrics)
        {
            json.WriteStartObject(metric.Name);
            WriteNumber(json, "value", metric.Value);
            WriteInterval(json, "interval", metric.Interval);
            if (metric.Better != MetricDirection.Neither)
            {
                json.WriteString("better", metric.Better == MetricDirection.Smaller ? "smaller" : "larger");
            }

            WriteOptional(json, "random", metric.Random);
            WriteOptional(json, "skill", metric.Skill);
            WriteInterval(json, "skillInterval", metric.SkillInterval);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null becomes NaN.</summary>
    /// <exception cref="KeyNotFoundException">Something is missing.</exception>
    /// <exception cref="InvalidOperationException">Something is of another kind.</exception>
    internal static Scorecard Read(JsonElement json) =>
        new()
        {
            Method = json.GetProperty("method").GetString()!,
            SampleSize = json.GetProperty("sampleSize").GetInt32(),
            SkillSampleSize = json.GetProperty("skillSampleSize").GetInt32(),
            WordCount = json.GetProperty("wordCount").GetInt64(),
            SkillWordCount = json.GetProperty("skillWordCount").GetInt64(),
            Metrics = [.. json.GetProperty("metrics").EnumerateObject().Select(ReadMetric)],
        };

    /// <summary>Averages the folds of one method.</summary>
    internal static Scorecard Average(IReadOnlyList<Scorecard> folds) =>
        folds[0] with
        {
            SampleSize = folds.Min(fold => fold.SampleSize),
            SkillSampleSize = folds.Min(fold => fold.SkillSampleSize),
            WordCount = folds.Min(fold => fold.WordCount),
            SkillWordCount = folds.Min(fold => fold.SkillWordCount),
            Metrics =
            [
                .. folds[0].Metrics.Select((_, i) => MetricValue.Average([.. folds.Select(fold => fold.Metrics[i])])),
            ],
        };

    private static MetricValue ReadMetric(JsonProperty metric) =>
        new()
        {
            Name = metric.Name,
            Better =
                !metric.Value.TryGetProperty("better", out JsonElement better) ? MetricDirection.Neither
                : better.ValueEquals("smaller") ? MetricDirection.Smaller
                : MetricDirection.Larger,
            Value = NumberOf(metric.Value.GetProperty("value")),
            Interval = ReadInterval(metric.Value, "interval"),
            Random = metric.Value.TryGetProperty("random", out JsonElement random) ? NumberOf(random) : null,
            Skill = metric.Value.TryGetProperty("skill", out JsonElement skill) ? NumberOf(skill) : null,
            SkillInterval = ReadInterval(metric.Value, "skillInterval"),
        };

    private static Interval? ReadInterval(JsonElement metric, string name) =>
        metric.TryGetProperty(name, out JsonElement ends) ? new Interval(NumberOf(ends[0]), NumberOf(ends[1])) : null;

    private static double NumberOf(JsonElement number) =>
        number.ValueKind == JsonValueKind.Null ? double.NaN : number.GetDouble();

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            WriteNumber(json, name, number);
        }
    }

    private static void WriteInterval(Utf8JsonWriter json, string name, Interval? interval)
    {
        if (interval is { } ends)
        {
            json.WriteStartArray(name);
            json.WriteNumberValue(ends.Low);
            json.WriteNumberValue(ends.High);
            json.WriteEndArray();
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
