using System.Globalization;

namespace Tsds.Cli.Output;

/// <summary>Formats numbers for people, the same in every culture.</summary>
internal static class Quantity
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a number with its noun: "1 row", "2 rows".</summary>
    public static string Of(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Formats a number of bytes in decimal units: 1 MB is 10⁶ bytes.</summary>
    public static string Bytes(double bytes) =>
        bytes switch
        {
            >= 1e12 => Format(bytes / 1e12, "TB"),
            >= 1e9 => Format(bytes / 1e9, "GB"),
            >= 1e6 => Format(bytes / 1e6, "MB"),
            >= 1e3 => Format(bytes / 1e3, "kB"),
            _ => $"{Count(bytes)} B",
        };

    /// <summary>Formats a duration: "0.42 s", "12.3 s", "2 min 05 s" or "1 h 02 min".</summary>
    public static string Duration(TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        return seconds switch
        {
            < 9.995 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
            < 59.95 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
            < 3600 => string.Create(
                CultureInfo.InvariantCulture,
                $"{(int)duration.TotalMinutes} min {duration.Seconds:00} s"
            ),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours} h {duration.Minutes:00} min"),
        };
    }

    /// <summary>Formats a duration that was only guessed: "9 s", "12 min" or "3 h".</summary>
    public static string RoughDuration(TimeSpan duration) =>
        duration.TotalSeconds switch
        {
            < 59.5 => $"{Count(Math.Max(1, duration.TotalSeconds))} s",
            < 59.5 * 60 => $"{Count(duration.TotalMinutes)} min",
            _ => $"{Count(duration.TotalHours)} h",
        };

    /// <summary>Formats a share from 0 to 1 in percent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>Formats a measured value with seven significant digits.</summary>
    public static string Real(double value) => value.ToString("G7", CultureInfo.InvariantCulture);

    /// <summary>Formats a parameter or distance with four significant digits.</summary>
    public static string Short(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>Formats a gap between two nearly equal values: "1.2e-12", or "0".</summary>
    public static string Tiny(double value) =>
        value == 0 ? "0" : value.ToString("0.#e-0", CultureInfo.InvariantCulture);

    private static string Format(double value, string unit) =>
        value.ToString(value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + unit;
}
