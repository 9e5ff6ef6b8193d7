using System.Text;
using System.Text.Json;

namespace Tsds.Evaluation.Comparison;

/// <summary>Writes <c>scores.csv</c>: a line for each method and metric, for tables and plots.</summary>
internal static class ScoresFile
{
    public const string Name = "scores.csv";

    public static void Write(string path, IEnumerable<FinishedMethod> methods)
    {
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.Write("method,metric,value,low,high,random,skill,skillLow,skillHigh\n");
        foreach (FinishedMethod method in methods)
        {
            string name = method.Scorecard.GetProperty("method").GetString()!;
            foreach (JsonProperty metric in method.Scorecard.GetProperty("metrics").EnumerateObject())
            {
                (string low, string high) = Ends(metric.Value, "interval");
                (string skillLow, string skillHigh) = Ends(metric.Value, "skillInterval");
                writer.Write(string.Join(
                    ',', name, metric.Name, Cell(metric.Value, "value"), low, high, Cell(metric.Value, "random"), Cell(metric.Value, "skill"), skillLow, skillHigh));
                writer.Write('\n');
            }
        }
    }

    private static string Cell(JsonElement metric, string part) =>
        metric.TryGetProperty(part, out JsonElement value) ? Text(value) : "";

    private static (string Low, string High) Ends(JsonElement metric, string part) =>
        metric.TryGetProperty(part, out JsonElement ends) ? (Text(ends[0]), Text(ends[1])) : ("", "");

    // As it stands in metrics.json, to the last digit.
    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetRawText() : "";
}
