namespace Tsds.Evaluation.Protocol;

/// <summary>All metrics of one method.</summary>
internal sealed record Scorecard
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
}
