using Tsds.Jobs.Export;
using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Output;

/// <summary>Formats an inspection in words.</summary>
internal static class InspectText
{
    private const int NameWidth = 10;
    private const int MaxBadRows = 3;
    private const int MaxEmptyFields = 8;
    private const int MaxScripts = 5;
    private const int MaxLength = 160;

    public static string Render(InspectReport report)
    {
        AlignedText text = new(NameWidth);
        foreach (InspectedFile file in report.Files)
        {
            text.Line(SafeText.OneLine(file.Path));
            if (file.Problem is null)
            {
                WriteFile(text, file);
            }
            else
            {
                text.Row("problem", SafeText.OneLine(file.Problem));
            }
        }

        text.Line(Quantity.Of(report.Files.Count, "file"));
        text.Row("rows", Quantity.Count(report.Rows));
        text.Row("size", SizeOf(report.Bytes, report.Characters, report.Tokens));
        string share = report.Rows == 0 ? "" : $" ({Quantity.Percent((double)report.DuplicateRows / report.Rows)})";
        string about = report.IsDuplicateCountExact ? "" : "about ";
        text.Row(
            "duplicates",
            $"{about}{Quantity.Of(report.DuplicateRows, "row")}{share} with the text of an earlier one"
        );
        text.Row(
            "plan",
            $"a selection takes about {Quantity.Bytes(report.PlannedMemoryBytes)} beyond mapped files and about "
                + $"{Quantity.RoughDuration(report.PlannedTime)} to read and embed, with the default embedder"
        );
        return text.ToString();
    }

    private static void WriteFile(AlignedText text, InspectedFile file)
    {
        string schemas =
            file.Schemas.Count == 1
                ? file.Schema!
                : string.Join(
                    ", ",
                    file.Schemas.OrderByDescending(pair => pair.Value)
                        .Select(pair => $"{pair.Key} {Quantity.Count(pair.Value)}")
                );
        text.Row("container", file.Container!);
        if (schemas.Length > 0)
        {
            text.Row("schema", schemas);
        }

        text.Row("rows", Quantity.Count(file.Rows));
        text.Row("size", SizeOf(file.Bytes, file.Characters, file.Tokens));
        if (file.BadRows > 0)
        {
            IEnumerable<string> first = file
                .FirstBadRows.Take(MaxBadRows)
                .Select(row => SafeText.Shorten($"{Quantity.Count(row.Line)}: {row.Reason}", MaxLength));
            text.Rows("bad rows", [Quantity.Count(file.BadRows), .. first]);
        }

        if (file.EmptyFields.Count > 0)
        {
            text.Row("empty", Join(file.EmptyFields, MaxEmptyFields, count => $"in {Quantity.Of(count, "row")}"));
        }

        if (file.Trainers.Any(count => count.AsIs + count.Rewritten > 0))
        {
            text.Rows("trainers", [.. LinesOf(file.Trainers)]);
        }

        if (file.Letters.Count > 0)
        {
            double letters = Math.Max(1, file.Letters.Values.Sum());
            text.Row("scripts", Join(file.Letters, MaxScripts, count => Quantity.Percent(count / letters)));
        }
    }

    /// <summary>
    /// Returns a line for all trainers that read a file alike, and one for each first refusal among them.
    /// </summary>
    private static IEnumerable<string> LinesOf(IReadOnlyList<TrainerCount> trainers)
    {
        foreach (
            IGrouping<(long, long, long), TrainerCount> group in trainers.GroupBy(count =>
                (count.AsIs, count.Rewritten, count.Refused)
            )
        )
        {
            TrainerCount first = group.First();
            (string Words, long Rows)[] parts =
            [
                ("as is", first.AsIs),
                ("rewritten", first.Rewritten),
                ("refused", first.Refused),
            ];
            string counts = string.Join(
                ", ",
                parts.Where(part => part.Rows > 0).Select(part => $"{Quantity.Count(part.Rows)} {part.Words}")
            );
            yield return $"{string.Join(", ", group.Select(count => TrainerRules.Of(count.Trainer).Word))}: {counts}";
            foreach (RowProblem row in group.SelectMany(count => count.FirstRefused.Take(1)).Distinct())
            {
                yield return "  " + SafeText.Shorten($"{Quantity.Count(row.Line)}: {row.Reason}", MaxLength);
            }
        }
    }

    private static string SizeOf(long bytes, long characters, long tokens) =>
        $"{Quantity.Bytes(bytes)}, {Quantity.Of(characters, "character")}, about {Quantity.Of(tokens, "token")}";

    private static string Join(IReadOnlyDictionary<string, long> counts, int most, Func<long, string> say)
    {
        IEnumerable<string> parts = counts
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(most)
            .Select(pair => $"{SafeText.Shorten(pair.Key, 40)} {say(pair.Value)}");
        return string.Join(", ", parts) + (counts.Count > most ? $" and {counts.Count - most} more" : "");
    }
}
