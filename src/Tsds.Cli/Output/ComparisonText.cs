using System.Globalization;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Output;

/// <summary>Formats scores as a table with a line for each method.</summary>
internal static class ComparisonText
{
    private const int NameWidth = 13;
    private const string Unknown = "-";
    private const string Gap = "  ";

    /// <summary>The columns in order, each with two lines of heading.</summary>
    private static readonly (string Upper, string Lower, Func<MethodScore, string> Cell)[] Columns =
    [
        ("", "method", score => SafeText.OneLine(score.Method)),
        ("W1", "skill", score => Number(score.WassersteinSkill, "0.00")),
        ("its 95 %", "interval", Interval),
        ("KL", "red.", score => Number(score.KlReduction, "0.000")),
        ("cover", "dist.", score => Number(score.CoverageDistance, "0.000")),
        ("Vendi", "/pool", score => Number(score.VendiToPool, "0.00")),
        ("near-", "dup %", score => Number(100 * score.NearDuplicateRate, "0.0")),
        ("leak", "%", score => Number(100 * score.LeakRate, "0.0")),
        ("CE", "skill", score => Number(score.CrossEntropySkill, "0.00")),
        ("", "tok.", score => Tokens(score.Tokens)),
        ("", "gap", score => Number(score.Gap, "0e-0")),
        ("", "sec.", score => Number(score.Seconds, score.Seconds < 9.95 ? "0.0" : "0")),
    ];

    /// <summary>The column that is omitted first if the lines would be too long.</summary>
    private const int IntervalColumn = 2;

    public static string Render(CompareSummary summary, int threads, int width)
    {
        AlignedText text = new(NameWidth);
        text.Line(
            $"Compared {Quantity.Of(summary.Methods.Count, "method")}: {Quantity.Of(summary.Budget, "row")} "
                + $"each, of {Quantity.Count(summary.PoolRows)}, "
                + "judged by targets that were held out."
        );
        text.Line();
        foreach (string line in Table(summary.Methods, width))
        {
            text.Line(line);
        }

        text.Line();
        text.Row("skill", "0 is as good as chance, 1 as good as real targets");
        text.Rows("targets", [Targets(summary), .. summary.Acquaintance.Select(Acquaintance)]);
        text.Row("copies", $"rows within {Quantity.Short(summary.Bandwidth)} of each other");
        text.Rows("left out", summary.LeftOut.Select(method => $"{method.Method}: {SafeText.OneLine(method.Reason)}"));
        if (summary.Embedding is { } embedding)
        {
            text.Row("embedding", SafeText.OneLine(embedding));
        }

        text.Rows("files written", summary.FilesWritten.Select(path => SafeText.Shorten(path, 120)));
        text.Row(
            "run",
            $"{Quantity.Duration(summary.Elapsed)} on {Quantity.Of(threads, "thread")}"
                + (summary.KnownMethods > 0 ? $", {Quantity.Of(summary.KnownMethods, "method")} known already" : "")
                + $", peak memory {Quantity.Bytes(summary.PeakMemoryBytes)}"
        );
        return text.ToString();
    }

    /// <summary>Formats the line of one method.</summary>
    public static string Line(MethodScore score) =>
        $"{SafeText.OneLine(score.Method)}: W1 skill {Number(score.WassersteinSkill, "0.00")}, selected in "
        + $"{Quantity.Duration(TimeSpan.FromSeconds(score.Seconds))}";

    private static IEnumerable<string> Table(IReadOnlyList<MethodScore> scores, int width)
    {
        List<string[]> columns =
        [
            .. Columns.Select(column => (string[])[column.Upper, column.Lower, .. scores.Select(column.Cell)]),
        ];
        if (columns.Sum(WidthOf) + (Gap.Length * columns.Count) > width)
        {
            columns.RemoveAt(IntervalColumn);
        }

        while (columns.Count > 1 && columns.Sum(WidthOf) + (Gap.Length * columns.Count) > width)
        {
            columns.RemoveAt(columns.Count - 1);
        }

        for (int line = 0; line < columns[0].Length; line++)
        {
            // Names begin below each other, numbers end so.
            yield return string.Concat(
                    columns.Select(
                        (column, i) =>
                            Gap
                            + (i == 0 ? column[line].PadRight(WidthOf(column)) : column[line].PadLeft(WidthOf(column)))
                    )
                )
                .TrimEnd();
        }
    }

    private static int WidthOf(string[] column) => column.Max(cell => cell.Length);

    private static string Acquaintance(TaskAcquaintance task) =>
        (
            task.Task is { } name
                ? $"{SafeText.OneLine(name)}: {Quantity.Percent(task.Percentile)}"
                : Quantity.Percent(task.Percentile)
        )
        + " of the pool's rows are nearer to the others than a target that is held out"
        + (task.IsPoor ? ": they do not look alike to this embedder" : "");

    private static string Targets(CompareSummary summary) =>
        $"{Quantity.Of(summary.TargetRows, "target")} in {Quantity.Of(summary.TargetGroups, "group")}, "
        + (
            summary.Folds == 1
                ? "half guided and half judged"
                : $"{summary.Folds} folds, each judging once while the others guided"
        );

    private static string Interval(MethodScore score) =>
        score.WassersteinInterval is { } ends ? $"{Number(ends.Low, "0.00")}…{Number(ends.High, "0.00")}" : Unknown;

    private static string Tokens(double? tokens) =>
        tokens switch
        {
            >= 1e7 => Number(tokens / 1e6, "0") + "M",
            >= 1e6 => Number(tokens / 1e6, "0.0") + "M",
            >= 1e4 => Number(tokens / 1e3, "0") + "k",
            _ => Number(tokens, "0"),
        };

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? Unknown;
}
