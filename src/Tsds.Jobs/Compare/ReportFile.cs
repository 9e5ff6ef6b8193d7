using System.Globalization;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Report;

namespace Tsds.Jobs.Compare;

/// <summary>Writes <c>report.html</c> of a comparison.</summary>
internal static class ReportFile
{
    public const string Name = "report.html";

    public static void Write(string path, MethodRunner runner, long poolRows, IReadOnlyList<Scorecard> scorecards)
    {
        Scorecard[] skilled = [.. scorecards.Where(card => card["wasserstein1"].Skill is not null)];
        string headline =
            skilled.Length == 0
                ? $"{scorecards.Count} methods, none of which can be told from chance by distance"
                : $"Of {scorecards.Count} methods, {skilled.MaxBy(card => card["wasserstein1"].Skill)!.Method} "
                    + $"comes nearest to the held-out targets";
        int targets = runner.Folds[0].SelectionSplit.Count + runner.Folds[0].HeldOut.Count;
        string split =
            runner.Folds.Count == 1
                ? "half of which guide and half judge"
                : $"in {runner.Folds.Count} folds, each of which judges once while the others guide";
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"Each method chose {runner.Budget:N0} of {poolRows:N0} rows, by {targets:N0} targets, {split}."
        );
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        ComparisonReport.Write(stream, headline, summary, scorecards);
    }
}
