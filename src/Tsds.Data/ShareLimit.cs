using System.Globalization;

namespace Tsds.Data;

/// <summary>A bound on the share of a source.</summary>
/// <param name="Source">The source of rows.</param>
/// <param name="Share">The share of the budget, from 0 to 1.</param>
public sealed record ShareLimit(string Source, double Share)
{
    /// <summary>Reads <c>web=40%</c>.</summary>
    /// <param name="text">A source, an equals sign, and a number from 0 to 100 followed by %.</param>
    /// <param name="limit">The bound read, or null.</param>
    /// <returns>False when the text is something else.</returns>
    public static bool TryParse(string text, out ShareLimit? limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.LastIndexOf('=');
        limit = null;
        if (equals <= 0 || !text.EndsWith('%')
            || !double.TryParse(text.AsSpan(equals + 1, text.Length - equals - 2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
            || percent > 100)
        {
            return false;
        }

        limit = new ShareLimit(text[..equals], percent / 100);
        return true;
    }
}
