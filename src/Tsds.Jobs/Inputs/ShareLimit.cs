using System.Globalization;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>A bound on the share of a source of rows, or of a task.</summary>
/// <param name="Name">The source or the task.</param>
/// <param name="Share">From 0 to 1: of a source, of the budget; of a task, of the plan's mass.</param>
/// <param name="IsTask">True if <paramref name="Name"/> is a task.</param>
[JsonConverter(typeof(ShareLimitConverter))]
public sealed record ShareLimit(string Name, double Share, bool IsTask = false)
{
    private const string TaskPrefix = "task:";

    /// <summary>Parses <c>web=40%</c> or <c>task:math=40%</c>.</summary>
    /// <param name="text">A source, or <c>task:</c> and a task; an equals sign; and a number from 0 to 100 followed by
    /// %.</param>
    /// <param name="limit">The bound read, or null.</param>
    /// <returns>False when the text is something else.</returns>
    public static bool TryParse(string text, out ShareLimit? limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.LastIndexOf('=');
        bool isTask = text.StartsWith(TaskPrefix, StringComparison.Ordinal);
        int start = isTask ? TaskPrefix.Length : 0;
        limit = null;
        if (
            equals <= start
            || !text.EndsWith('%')
            || !TryParseShare(text.AsSpan(equals + 1, text.Length - equals - 2), out double share)
            || share > 1
        )
        {
            return false;
        }

        limit = new ShareLimit(text[start..equals], share, isTask);
        return true;
    }

    /// <summary>Returns the bound as <see cref="TryParse"/> reads it.</summary>
    /// <returns>"web=40%" or "task:math=40%".</returns>
    public override string ToString()
    {
        double percent = (double)((decimal)Share * 100);
        string text =
            percent / 100 == Share
                ? ((decimal)percent).ToString(CultureInfo.InvariantCulture)
                : (ToDecimal(Share) * 100).ToString(CultureInfo.InvariantCulture);
        return $"{(IsTask ? TaskPrefix : "")}{Name}={text}%";
    }

    private static decimal ToDecimal(double share) =>
        decimal.Parse(share.ToString("F25", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads a percentage as a share. One with more digits than a number holds is rounded once, so that every share can
    /// be written and read back; those that people write are divided by 100.
    /// </summary>
    private static bool TryParseShare(ReadOnlySpan<char> text, out double share)
    {
        const int Digits = 15;
        bool isNumber = double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double percent
        );
        share = percent / 100;
        return isNumber
            && (
                text.Length <= Digits + 1
                || double.TryParse($"{text}E-2", NumberStyles.Float, CultureInfo.InvariantCulture, out share)
            );
    }
}
