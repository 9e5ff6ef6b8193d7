using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Jobs.Compare;

namespace Tsds.Cli.Output;

/// <summary>The events of <c>tsds compare</c>, beside its plan, which is that of a selection.</summary>
internal static class CompareEvents
{
    public static JsonEvent Method(MethodScore score) => new("method", json => WriteScore(json, score));

    public static JsonEvent Result(CompareSummary summary, string output) =>
        new(
            "result",
            json =>
            {
                json.WriteString("output", output);
                json.WriteNumber("poolRows", summary.PoolRows);
                json.WriteNumber("targetRows", summary.TargetRows);
                json.WriteNumber("targetGroups", summary.TargetGroups);
                json.WriteNumber("folds", summary.Folds);
                json.WriteNumber("skippedRows", summary.SkippedRows);
                json.WriteNumber("budget", summary.Budget);
                json.WriteFinite("bandwidth", summary.Bandwidth);
                json.WriteObjects("methods", summary.Methods, score => WriteScore(json, score));
                json.WriteObjects(
                    "leftOut",
                    summary.LeftOut,
                    method =>
                    {
                        json.WriteString("method", method.Method);
                        json.WriteString("reason", method.Reason);
                    }
                );
                json.WriteNumber("knownMethods", summary.KnownMethods);
                json.WriteString("embedding", summary.Embedding);
                json.WriteStrings("filesWritten", summary.FilesWritten);
                json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
                json.WriteNumber("estimatedMemoryBytes", summary.EstimatedMemoryBytes);
                json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
            }
        );

    private static void WriteScore(Utf8JsonWriter json, MethodScore score)
    {
        json.WriteString("method", score.Method);
        json.WriteFinite("wasserstein1Skill", score.WassersteinSkill);
        json.WriteFinite("wasserstein1SkillLow", score.WassersteinInterval?.Low);
        json.WriteFinite("wasserstein1SkillHigh", score.WassersteinInterval?.High);
        json.WriteFinite("klReduction", score.KlReduction);
        json.WriteFinite("coverageDistance", score.CoverageDistance);
        json.WriteFinite("vendiToPool", score.VendiToPool);
        json.WriteFinite("nearDuplicateRate", score.NearDuplicateRate);
        json.WriteFinite("leakRate", score.LeakRate);
        json.WriteFinite("crossEntropySkill", score.CrossEntropySkill);
        json.WriteFinite("tokens", score.Tokens);
        json.WriteFinite("relativeGap", score.Gap);
        json.WriteFinite("seconds", score.Seconds);
    }
}
