using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Report;

/// <summary>The section on the sources of the pool and of the chosen rows.</summary>
internal static class MixtureSection
{
    private const int MostSources = 10;
    private const int NameLength = 60;

    public static void Write(HtmlWriter html, ReportedSelection selection)
    {
        if (selection.PoolSources.Count < 2)
        {
            return;
        }

        Dictionary<string, long> chosen = ChosenBySource(selection);
        long poolRows = selection.Pool.Count;
        long chosenRows = Math.Max(1, chosen.Values.Sum());
        (string Source, long Pool, long Chosen)[] sources =
        [
            .. selection
                .PoolSources.Select(pair => (pair.Key, pair.Value, chosen.GetValueOrDefault(pair.Key)))
                .OrderByDescending(source => source.Item3)
                .ThenByDescending(source => source.Value)
                .ThenBy(source => source.Key, StringComparer.Ordinal),
        ];
        (string Source, long Pool, long Chosen)[] shown =
            sources.Length > MostSources ? sources[..(MostSources - 1)] : sources;
        using (html.Open("section"))
        {
            html.Element("h2", "Sources before and after");
            using (html.Open("table", ("class", "mixture")))
            {
                using (html.Open("thead"))
                using (html.Open("tr"))
                {
                    html.Element("th", "source", ("scope", "col"));
                    using (html.Open("th", ("scope", "col"), ("class", "bars")))
                    {
                        html.Element("span", "pool", ("class", "key-pool"));
                        html.Text(" and ");
                        html.Element("span", "chosen", ("class", "key-chosen"));
                    }

                    html.Element("th", "pool", ("scope", "col"), ("class", "number"));
                    html.Element("th", "chosen", ("scope", "col"), ("class", "number"));
                    html.Element("th", "rows", ("scope", "col"), ("class", "number wide"));
                }

                using (html.Open("tbody"))
                {
                    foreach ((string source, long pool, long rows) in shown)
                    {
                        WriteRow(
                            html,
                            () => html.Words(source, NameLength),
                            (double)pool / poolRows,
                            (double)rows / chosenRows,
                            rows
                        );
                    }

                    if (sources.Length > shown.Length)
                    {
                        long restPool = poolRows - shown.Sum(source => source.Pool);
                        long restChosen = chosen.Values.Sum() - shown.Sum(source => source.Chosen);
                        WriteRow(
                            html,
                            () => html.Text($"{Figures.Of(sources.Length - shown.Length, "other source")}"),
                            (double)restPool / poolRows,
                            (double)restChosen / chosenRows,
                            restChosen
                        );
                    }
                }
            }

            WriteBounds(html, selection.Chosen.Shares);
        }
    }

    private static void WriteBounds(HtmlWriter html, IReadOnlyList<BoundedShare> shares)
    {
        foreach (BoundedShare share in shares)
        {
            using (html.Open("p", ("class", "note")))
            {
                html.Words(share.Source, NameLength);
                html.Text(
                    $": {Figures.Percent(share.Drawn)} of the budget, within {Figures.Percent(share.Floor)} "
                        + $"and {Figures.Percent(share.Cap)}; the plan alone would give "
                        + $"{Figures.Percent(share.Unbounded)}."
                );
            }
        }
    }

    /// <summary>Counts the distinct chosen rows by source.</summary>
    private static Dictionary<string, long> ChosenBySource(ReportedSelection selection)
    {
        Dictionary<string, long> chosen = new(StringComparer.Ordinal);
        foreach (long row in selection.Chosen.Rows.Span)
        {
            string source = selection.Sources[row];
            chosen[source] = chosen.GetValueOrDefault(source) + 1;
        }

        return chosen;
    }

    private static void WriteRow(HtmlWriter html, Action writeName, double pool, double chosen, long rows)
    {
        using (html.Open("tr"))
        {
            using (html.Open("th", ("scope", "row")))
            {
                writeName();
            }

            using (html.Open("td", ("class", "bars")))
            using (html.Open("svg", ("class", "bars"), ("aria-hidden", "true")))
            {
                html.Element(
                    "rect",
                    "",
                    ("class", "pool"),
                    ("width", Figures.Coordinate(pool * 100) + "%"),
                    ("height", "5"),
                    ("y", "2")
                );
                html.Element(
                    "rect",
                    "",
                    ("class", "chosen"),
                    ("width", Figures.Coordinate(chosen * 100) + "%"),
                    ("height", "7"),
                    ("y", "8")
                );
            }

            html.Element("td", Figures.Percent(pool), ("class", "number"));
            html.Element("td", Figures.Percent(chosen), ("class", "number"));
            html.Element("td", Figures.Count(rows), ("class", "number wide"));
        }
    }
}
