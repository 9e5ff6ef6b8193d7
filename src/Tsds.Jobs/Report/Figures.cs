using System.Globalization;

namespace Tsds.Jobs.Report;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class Figures
{
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A noun with its number: "1 row", "2 rows".</summary>
    public static string Of(double count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A share from 0 to 1 in percent, with a no-break space.</summary>
    public static string Percent(double share, int digits = 1) =>
        (share * 100).ToString("F" + digits, CultureInfo.InvariantCulture) + "\u00A0%";

    /// <summary>A distance or a setting: four significant digits.</summary>
    public static string Short(double value) =>
        double.IsFinite(value) ? value.ToString("G4", CultureInfo.InvariantCulture) : "–";

    /// <summary>A measured value: seven significant digits.</summary>
    public static string Real(double value) => value.ToString("G7", CultureInfo.InvariantCulture);

    /// <summary>The order of magnitude of a small number.</summary>
    public static string Tiny(double value) => value.ToString("0e-0", CultureInfo.InvariantCulture);

    /// <summary>A value of a column whose decimals stand below one another.</summary>
    public static string Fixed(double value, int digits = 3) =>
        double.IsFinite(value) ? value.ToString("F" + digits, CultureInfo.InvariantCulture) : "–";

    /// <summary>A coordinate of a drawing.</summary>
    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
