using System.Globalization;
using System.Text;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>Writes <c>scores.csv</c>: one line for each method and metric.</summary>
internal static class ScoresFile
{
    public const string Name = "scores.csv";

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where it does not exist yet.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="acquaintance">How well the targets know each other: the same for all methods, a column so that
    /// comparisons by several embedders can be put below each other.</param>
    public static void Write(
        string path,
        IEnumerable<FinishedMethod> methods,
        IReadOnlyList<TaskAcquaintance> acquaintance
    )
    {
        string known = Cell(acquaintance.Count > 0 ? acquaintance.Average(task => task.Percentile) : null);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.Write("method,metric,value,low,high,random,skill,skillLow,skillHigh,targetPercentile\n");
        foreach (Scorecard card in methods.Select(method => method.Scorecard))
        {
            foreach (MetricValue metric in card.Metrics)
            {
                double?[] numbers =
                [
                    metric.Value,
                    metric.Interval?.Low,
                    metric.Interval?.High,
                    metric.Random,
                    metric.Skill,
                    metric.SkillInterval?.Low,
                    metric.SkillInterval?.High,
                ];
                writer.Write($"{card.Method},{metric.Name},{string.Join(',', numbers.Select(Cell))},{known}\n");
            }
        }
    }

    private static string Cell(double? number) =>
        number is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
