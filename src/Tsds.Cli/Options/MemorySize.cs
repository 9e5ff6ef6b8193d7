using System.Globalization;

namespace Tsds.Cli.Options;

/// <summary>Parses amounts of memory as people write them.</summary>
internal static class MemorySize
{
    private static readonly (string Suffix, double Bytes)[] Units =
    [
        ("KiB", 1024),
        ("MiB", 1024 * 1024),
        ("GiB", 1024 * 1024 * 1024),
        ("TiB", 1024.0 * 1024 * 1024 * 1024),
        ("KB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("TB", 1e12),
        ("B", 1),
    ];

    /// <summary>Parses "8GB" (10⁹), "2GiB" (2³⁰), "512 MB" or "1.5GB"; a unit is required.</summary>
    /// <param name="text">A positive number and a unit, in upper or lower case.</param>
    /// <param name="bytes">The bytes, at least 1.</param>
    /// <returns>False when the text is not an amount of memory, or more than 2⁶³ bytes.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        string trimmed = text.Trim();
        bytes = 0;
        foreach ((string suffix, double unit) in Units)
        {
            if (!trimmed.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            bool isNumber = double.TryParse(
                trimmed.AsSpan(0, trimmed.Length - suffix.Length).Trim(),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double count
            );
            double product = count * unit;
            bool isAmount = isNumber && product >= 1 && product < long.MaxValue;
            bytes = isAmount ? (long)product : 0;
            return isAmount;
        }

        return false;
    }
}
