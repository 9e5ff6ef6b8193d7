using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Report;

/// <summary>
/// The section with a few chosen rows and the targets that pulled them, or without a plan the targets nearest to them.
/// </summary>
internal sealed class ExampleSection
{
    private const int RowCount = 8;
    private const int PullCount = 3;
    private const int TextLength = 400;
    private const int TargetLength = 160;
    private const ulong Stream = 4;

    private readonly long[] _rows;
    private readonly ILookup<long, TargetPull> _pulls;

    private ExampleSection(long[] rows, ILookup<long, TargetPull> pulls)
    {
        (_rows, _pulls) = (rows, pulls);
    }

    /// <summary>Returns the rows that are shown, chosen at random and not by how good they look.</summary>
    public static long[] RowsOf(Selection selection) => HashSample.Of(selection.Rows.Span, RowCount, Stream);

    public static async Task<ExampleSection> CreateAsync(
        ReportedSelection selection,
        CancellationToken cancellationToken
    )
    {
        long[] rows = RowsOf(selection.Chosen);
        return new ExampleSection(
            rows,
            selection.Chosen.Transport is { } plan
                ? PullsOf(plan, rows)
                : await NearestAsync(selection, rows, cancellationToken).ConfigureAwait(false)
        );
    }

    public void Write(HtmlWriter html, ReportedSelection selection)
    {
        bool hasPlan = selection.Chosen.Transport is not null;
        using (html.Open("section"))
        {
            html.Element(
                "h2",
                _rows.Length < selection.Chosen.Rows.Length
                    ? $"{Figures.Count(_rows.Length)} chosen rows, at random"
                    : "The chosen rows"
            );
            html.Element(
                "p",
                hasPlan
                    ? "Below each row stand the targets that pulled it: the mass that they send it, of all "
                        + "mass, and how far they are."
                    : "Below each row stand the targets nearest to it, and how far they are."
            );
            foreach (long row in _rows)
            {
                using (html.Open("article", ("class", "row")))
                {
                    WriteRow(html, selection, row);
                    WriteRelevance(html, selection, row);
                    WritePulls(html, selection, [.. _pulls[row]], hasPlan);
                }
            }
        }
    }

    /// <summary>Writes a row's text with its file and line.</summary>
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
            foreach (
                string? place in new[]
                {
                    found?.Id,
                    found?.Source,
                    found is null ? null : $"{Path.GetFileName(found.File)}:{found.Line}",
                }
            )
            {
                if (place is not null)
                {
                    html.Text(" · ");
                    html.Words(place, 80);
                }
            }
        }
    }

    /// <summary>Writes how relevant a row is to each task that it has something to do with.</summary>
    private static void WriteRelevance(HtmlWriter html, ReportedSelection selection, long row)
    {
        if (selection.Chosen.Transport is not { Relevance: { Count: > 0 } tasks } plan)
        {
            return;
        }

        int position = plan.Plan.CandidateIds.Span.BinarySearch(row);
        foreach (TaskRelevance task in tasks)
        {
            double share = task.TargetShares.Span[position];
            if (!double.IsNaN(share) && (share > 0 || tasks.Count == 1))
            {
                string of = tasks.Count == 1 ? "your targets" : $"the targets of {selection.Tasks[task.Task].Task}";
                using (html.Open("p", ("class", "note")))
                {
                    html.Words(RelevanceWords.Of(share, Figures.Percent(share), of), 120);
                }
            }
        }
    }

    /// <summary>Returns the targets of each row, the strongest first, ties by target.</summary>
    private static ILookup<long, TargetPull> PullsOf(SelectionResult plan, long[] rows) =>
        plan
            .Plan.Entries.ToArray()
            .Where(entry => Array.BinarySearch(rows, entry.CandidateId) >= 0)
            .OrderByDescending(entry => entry.Mass)
            .ThenBy(entry => entry.Target)
            .ToLookup(entry => entry.CandidateId, entry => new TargetPull(entry.Target, entry.Mass, entry.Distance));

    /// <summary>Returns the targets nearest to each row, ties by target.</summary>
    private static async Task<ILookup<long, TargetPull>> NearestAsync(
        ReportedSelection selection,
        long[] rows,
        CancellationToken cancellationToken
    )
    {
        EmbeddingMatrix embeddings = await selection
            .Pool.ReadEmbeddingsAsync(rows, cancellationToken)
            .ConfigureAwait(false);
        using CandidatePool targets = CandidatePool.FromEmbeddings(
            selection.TargetEmbeddings,
            new CandidatePoolOptions { Normalization = Normalization.None, ThreadCount = 1 }
        );
        NeighborTable nearest = await targets
            .FindNearestAsync(embeddings, Math.Min(PullCount, selection.Targets.Count), null, cancellationToken)
            .ConfigureAwait(false);
        return Enumerable
            .Range(0, rows.Length)
            .SelectMany(row =>
                Enumerable
                    .Range(0, nearest.K)
                    .Select(n =>
                        (
                            Row: rows[row],
                            Pull: new TargetPull(
                                (int)nearest.CandidateIds(row)[n],
                                null,
                                Math.Sqrt(nearest.DistancesSquared(row)[n])
                            )
                        )
                    )
            )
            .ToLookup(pair => pair.Row, pair => pair.Pull);
    }

    private static void WritePulls(HtmlWriter html, ReportedSelection selection, TargetPull[] pulls, bool hasPlan)
    {
        using (html.Open("table", ("class", "pulls")))
        {
            if (hasPlan)
            {
                html.TableHead(("pulled by", null), ("mass", "number"), ("distance", "number"));
            }
            else
            {
                html.TableHead(("nearest targets", null), ("distance", "number"));
            }

            using (html.Open("tbody"))
            {
                foreach (TargetPull pull in pulls.Take(PullCount))
                {
                    using (html.Open("tr"))
                    {
                        using (html.Open("td"))
                        {
                            TargetText.Write(html, selection, pull.Target, TargetLength);
                        }

                        if (pull.Mass is { } mass)
                        {
                            html.Element("td", Figures.Percent(mass, 3), ("class", "number"));
                        }

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
