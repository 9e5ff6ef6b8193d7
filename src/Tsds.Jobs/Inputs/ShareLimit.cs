using System.Globalization;

namespace Tsds.Jobs.Inputs;

/// <summary>A bound on the share of a source of rows, or of a task.</summary>
/// <param name="Name">The source or the task.</param>
/// <param name="Share">From 0 to 1: of a source, of the budget; of a task, of the plan's mass.</param>
/// <param name="IsTask">True if <paramref name="Name"/> is a task.</param>
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
            || !double.TryParse(
                text.AsSpan(equals + 1, text.Length - equals - 2),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double percent
            )
            || percent > 100
        )
        {
            return false;
        }

        limit = new ShareLimit(text[start..equals], percent / 100, isTask);
        return true;
    }
}
