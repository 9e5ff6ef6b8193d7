using Tsds.Data;

namespace Tsds.Evaluation.Report;

/// <summary>A few chosen rows with the targets that pulled them.</summary>
internal static class ExampleSection
{
    private const int RowCount = 8;
    private const int PullCount = 3;
    private const int TextLength = 400;
    private const int TargetLength = 160;
    private const ulong Stream = 4;

    /// <summary>Gets the rows that are shown: by chance, not the ones that look best.</summary>
    public static long[] RowsOf(SelectionResult result) => HashSample.Of(result.CandidateIds.Span, RowCount, Stream);

    public static void Write(HtmlWriter html, ReportedSelection selection)
    {
        long[] rows = RowsOf(selection.Result);
        Dictionary<long, TransportEntry[]> pulls = PullsOf(selection.Result, rows);
        using (html.Open("section"))
        {
            html.Element("h2", rows.Length < selection.Result.CandidateIds.Length ? $"{Figures.Count(rows.Length)} chosen rows, at random" : "The chosen rows");
            html.Element("p", "Below each row stand the targets that pulled it: the mass that they send it, of all mass, and how far they are.");
            foreach (long row in rows)
            {
                using (html.Open("article", ("class", "row")))
                {
                    WriteRow(html, selection, row);
                    WritePulls(html, selection, pulls[row]);
                }
            }
        }
    }

    /// <summary>Writes a row's text and where it stands.</summary>
    public static void WriteRow(HtmlWriter html, ReportedSelection selection, long row)
    {
        selection.Rows.TryGetValue(row, out ReportedRow? found);
        if (found is { Text.Length: > 0 })
        {
            using (html.Open("p", ("class", "text")))
            {
                html.Element("bdi", VisibleText.Lines(found.Text, TextLength));
            }
        }

        using (html.Open("p", ("class", "note")))
        {
            html.Text($"row {Figures.Count(row)}");
            foreach (string? place in new[] { found?.Id, found?.Source, found is null ? null : $"{Path.GetFileName(found.File)}:{found.Line}" })
            {
                if (place is not null)
                {
                    html.Text(" · ");
                    html.Words(place, 80);
                }
            }
        }
    }

    /// <summary>Finds the strongest targets of each row, ties by target.</summary>
    private static Dictionary<long, TransportEntry[]> PullsOf(SelectionResult result, long[] rows)
    {
        ILookup<long, TransportEntry> entries = result.Plan.Entries.ToArray()
            .Where(entry => Array.BinarySearch(rows, entry.CandidateId) >= 0)
            .ToLookup(entry => entry.CandidateId);
        return rows.ToDictionary(row => row, row => entries[row].OrderByDescending(entry => entry.Mass).ThenBy(entry => entry.Target).ToArray());
    }

    private static void WritePulls(HtmlWriter html, ReportedSelection selection, TransportEntry[] pulls)
    {
        using (html.Open("table", ("class", "pulls")))
        {
            html.TableHead(("pulled by", null), ("mass", "number"), ("distance", "number"));

            using (html.Open("tbody"))
            {
                foreach (TransportEntry pull in pulls.Take(PullCount))
                {
                    using (html.Open("tr"))
                    {
                        using (html.Open("td"))
                        {
                            TargetText.Write(html, selection, pull.Target, TargetLength);
                        }

                        html.Element("td", Figures.Percent(pull.Mass, 3), ("class", "number"));
                        html.Element("td", Figures.Fixed(pull.Distance), ("class", "number"));
                    }
                }
            }
        }

        if (pulls.Length > PullCount)
        {
            html.Element("p", $"and {Figures.Of(pulls.Length - PullCount, "more target")}", ("class", "note"));
        }
    }
}
