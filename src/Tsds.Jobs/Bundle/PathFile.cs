using System.Globalization;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes <c>path.csv</c>: the plans from most aligned to most diverse.</summary>
internal static class PathFile
{
    public static void Write(string path, IReadOnlyList<PathPoint> points)
    {
        using StreamWriter writer = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write)) { NewLine = "\n" };
        writer.WriteLine("alpha,tradeoff,effectiveNeighbors,transportCost,support,expectedDistinct");
        foreach (PathPoint point in points)
        {
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{point.Alpha:R},{Number(point.Tradeoff)},{point.EffectiveNeighbors:R},{point.TransportCost:R},"
                        + $"{point.Support},{point.ExpectedDistinct:R}"
                )
            );
        }
    }

    /// <summary>Formats a number, with infinity as data frames read it.</summary>
    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
