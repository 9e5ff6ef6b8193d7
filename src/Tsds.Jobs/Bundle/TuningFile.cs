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
        writer.WriteLine("alpha,heldOutDistance,standardError,chosen");
        foreach (TuningPoint point in tuning.Curve)
        {
            bool isChosen = point.Alpha == tuning.Selection.Alpha;
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{point.Alpha:R},{Number(point.HeldOutDistance)},"
                        + $"{Number(point.StandardError)},{(isChosen ? "true" : "false")}"
                )
            );
        }
    }

    /// <summary>Formats a number; empty, which data frames read as missing, if the budget cannot be drawn.</summary>
    private static string Number(double value) =>
        double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
