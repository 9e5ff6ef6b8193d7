using System.Globalization;

namespace Tsds.Data;

/// <summary>How much to select: a number of rows, or a share of the pool.</summary>
public readonly record struct Budget
{
    private Budget(long rows, double percent)
    {
        Rows = rows;
        Percent = percent;
    }

    /// <summary>Gets the number of rows, or 0 when the budget is a share.</summary>
    public long Rows { get; }

    /// <summary>Gets the share of the pool in percent, or 0 when the budget is a number of rows.</summary>
    public double Percent { get; }

    /// <summary>Reads "1000" or "5%".</summary>
    /// <param name="text">A positive whole number, or a number above 0 and at most 100 followed by %.</param>
    /// <param name="budget">The budget read.</param>
    /// <returns>False when the text is neither.</returns>
    public static bool TryParse(string text, out Budget budget)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        budget = default;
        if (trimmed.EndsWith("%"))
        {
            bool isShare = double.TryParse(
                trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent);
            budget = new Budget(0, percent);
            return isShare && percent > 0 && percent <= 100;
        }

        bool isRows = long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out long rows);
        budget = new Budget(rows, 0);
        return isRows && rows > 0;
    }

    /// <summary>Turns the budget into rows of a pool.</summary>
    /// <param name="poolRows">The number of candidates.</param>
    /// <returns>The rows asked for; a share is rounded to the nearest row, and is at least 1.</returns>
    public long ResolveRows(long poolRows) =>
        Rows > 0 ? Rows : Math.Max(1, (long)Math.Round(poolRows * (Percent / 100), MidpointRounding.AwayFromZero));

    /// <summary>Writes the budget as <see cref="TryParse"/> reads it.</summary>
    /// <returns>"1000" or "5%".</returns>
    public override string ToString() =>
        Rows > 0
            ? Rows.ToString(CultureInfo.InvariantCulture)
            : Percent.ToString("R", CultureInfo.InvariantCulture) + "%";
}
