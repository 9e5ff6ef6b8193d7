using System.Globalization;
using System.Text;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>Writes <c>scores.csv</c>: one line for each method and metric.</summary>
internal static class ScoresFile
{
    public const string Name = "scores.csv";

    public static void Write(string path, IEnumerable<FinishedMethod> methods)
    {
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.Write("method,metric,value,low,high,random,skill,skillLow,skillHigh\n");
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
                writer.Write($"{card.Method},{metric.Name},{string.Join(',', numbers.Select(Cell))}\n");
            }
        }
    }

    private static string Cell(double? number) =>
        number is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
