using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>The metrics of a method as <c>metrics.json</c> has them.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="SampleSize">The rows that were compared with the held-out targets.</param>
/// <param name="SkillSampleSize">The rows of each selection behind a skill.</param>
/// <param name="WordCount">The words on which the language model was trained.</param>
/// <param name="SkillWordCount">The words behind its skill.</param>
/// <param name="Metrics">The metrics by name.</param>
internal sealed record ScorecardRecord(
    string Method,
    int SampleSize,
    int SkillSampleSize,
    long WordCount,
    long SkillWordCount,
    OrderedDictionary<string, MetricRecord> Metrics
)
{
    /// <summary>Returns a scorecard as it is written.</summary>
    public static ScorecardRecord Of(Scorecard card) =>
        new(
            card.Method,
            card.SampleSize,
            card.SkillSampleSize,
            card.WordCount,
            card.SkillWordCount,
            new(card.Metrics.Select(metric => KeyValuePair.Create(metric.Name, MetricRecord.Of(metric))))
        );

    /// <summary>Returns the scorecard that was written.</summary>
    public Scorecard ToScorecard() =>
        new()
        {
            Method = Method,
            SampleSize = SampleSize,
            SkillSampleSize = SkillSampleSize,
            WordCount = WordCount,
            SkillWordCount = SkillWordCount,
            Metrics = [.. Metrics.Select(metric => metric.Value.ToMetric(metric.Key))],
        };
}
