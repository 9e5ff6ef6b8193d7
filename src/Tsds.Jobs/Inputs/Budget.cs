using System.Globalization;

namespace Tsds.Jobs.Inputs;

/// <summary>The size of a selection: a number of rows, a share of the pool, or a number of tokens.</summary>
public readonly record struct Budget
{
    /// <summary>The assumed tokens of a row in estimates of time and memory, before any row is read.</summary>
    private const long PlannedTokensPerRow = 250;

    private static readonly (string Ending, double Factor)[] TokenUnits =
    [
        ("ktok", 1e3),
        ("mtok", 1e6),
        ("gtok", 1e9),
        ("tok", 1),
    ];

    private Budget(long rows, double percent, long tokens = 0)
    {
        Rows = rows;
        Percent = percent;
        Tokens = tokens;
    }

    /// <summary>Gets the number of rows, or 0 when the budget is a share.</summary>
    public long Rows { get; }

    /// <summary>Gets the share of the pool in percent, or 0 when the budget is a number of rows.</summary>
    public double Percent { get; }

    /// <summary>Gets the number of tokens, or 0 when the budget is not in tokens.</summary>
    public long Tokens { get; }

    /// <summary>Parses "1000", "5%" or "20Mtok".</summary>
    /// <param name="text">A positive whole number; a number above 0 and at most 100 followed by %; or a positive number
    /// followed by tok, ktok, Mtok or Gtok.</param>
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
                trimmed[..^1],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double percent
            );
            budget = new Budget(0, percent);
            return isShare && percent > 0 && percent <= 100;
        }

        foreach ((string ending, double factor) in TokenUnits)
        {
            if (trimmed.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                bool isAmount = double.TryParse(
                    trimmed[..^ending.Length],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out double amount
                );
                double tokens = Math.Round(amount * factor);
                budget = isAmount && tokens is >= 1 and <= 1e15 ? new Budget(0, 0, (long)tokens) : default;
                return budget.Tokens > 0;
            }
        }

        bool isRows = long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out long rows);
        budget = new Budget(rows, 0);
        return isRows && rows > 0;
    }

    /// <summary>Converts the budget to rows of a pool.</summary>
    /// <param name="poolRows">The number of candidates.</param>
    /// <returns>
    /// The rows asked for; a share is rounded to the nearest row, and is at least 1. Of a budget in tokens a guess, of
    /// 250 a row, for plans of time and memory.
    /// </returns>
    public long ResolveRows(long poolRows) =>
        Tokens > 0 ? Math.Clamp(Tokens / PlannedTokensPerRow, 1, Math.Max(poolRows, 1))
        : Rows > 0 ? Rows
        : Math.Max(1, (long)Math.Round(poolRows * (Percent / 100), MidpointRounding.AwayFromZero));

    /// <summary>Returns the budget in the form that <see cref="TryParse"/> reads.</summary>
    /// <returns>"1000", "5%" or "20000000tok".</returns>
    public override string ToString() =>
        Tokens > 0 ? Tokens.ToString(CultureInfo.InvariantCulture) + "tok"
        : Rows > 0 ? Rows.ToString(CultureInfo.InvariantCulture)
        : Percent.ToString("R", CultureInfo.InvariantCulture) + "%";
}
