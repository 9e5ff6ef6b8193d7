using System.Globalization;

namespace Tsds.Jobs.Report;

/// <summary>Formats numbers for people, the same in every culture.</summary>
internal static class Figures
{
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a number with its noun: "1 row", "2 rows".</summary>
    public static string Of(double count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Formats a share from 0 to 1 in percent, with a no-break space.</summary>
    public static string Percent(double share, int digits = 1) =>
        (share * 100).ToString("F" + digits, CultureInfo.InvariantCulture) + "\u00A0%";

    /// <summary>Formats a distance or a setting with four significant digits.</summary>
    public static string Short(double value) =>
        double.IsFinite(value) ? value.ToString("G4", CultureInfo.InvariantCulture) : "–";

    /// <summary>Formats a measured value with seven significant digits.</summary>
    public static string Real(double value) => value.ToString("G7", CultureInfo.InvariantCulture);

    /// <summary>Formats the order of magnitude of a small number.</summary>
    public static string Tiny(double value) => value.ToString("0e-0", CultureInfo.InvariantCulture);

    /// <summary>Formats a value of a column with a fixed number of decimals.</summary>
    public static string Fixed(double value, int digits = 3) =>
        double.IsFinite(value) ? value.ToString("F" + digits, CultureInfo.InvariantCulture) : "–";

    /// <summary>Formats a coordinate of a drawing.</summary>
    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
