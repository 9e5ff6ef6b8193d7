using System.Globalization;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes <c>tuning.csv</c>: the settings that were tried, and the distance of their selections to the targets held out
/// from them.
/// </summary>
internal static class TuningFile
{
    public const string Name = "tuning.csv";

    public static void Write(string path, SelectionTuning tuning)
    {
        using StreamWriter writer = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write)) { NewLine = "\n" };
        bool hasAlpha = TunesAlpha(tuning.Curve);
        bool hasRelevance = TunesRelevance(tuning.Curve);
        writer.WriteLine(
            $"{(hasRelevance ? "relevance," : "")}{(hasAlpha ? "alpha," : "")}heldOutDistance,standardError,chosen"
        );
        foreach (TuningPoint point in tuning.Curve)
        {
            string relevance = hasRelevance ? Number(point.Relevance) + "," : "";
            string alpha = hasAlpha ? Number(point.Alpha) + "," : "";
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{relevance}{alpha}{Number(point.HeldOutDistance)},"
                        + $"{Number(point.StandardError)},{(tuning.IsChosen(point) ? "true" : "false")}"
                )
            );
        }
    }

    /// <summary>Determines whether points differ in α.</summary>
    public static bool TunesAlpha(IReadOnlyList<TuningPoint> curve) =>
        curve.Any(point => point.Alpha != curve[0].Alpha);

    /// <summary>Determines whether points differ in λ.</summary>
    public static bool TunesRelevance(IReadOnlyList<TuningPoint> curve) =>
        curve.Any(point => point.Relevance != curve[0].Relevance);

    /// <summary>Formats a number; empty, which data frames read as missing, if the budget cannot be drawn.</summary>
    private static string Number(double value) =>
        double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
