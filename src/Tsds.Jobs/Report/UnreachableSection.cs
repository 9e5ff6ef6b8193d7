using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Report;

/// <summary>The section on the distance of the pool to each target, and the targets that it cannot serve.</summary>
internal static class UnreachableSection
{
    private const int MostTargets = 12;
    private const int BinCount = 30;
    private const int TextLength = 200;
    private const string Title = "reach-title";

    /// <summary>Returns the rows nearest to the targets that are listed.</summary>
    public static IEnumerable<long> RowsOf(SelectionResult result) =>
        TargetReach.Of(result).Unreachable.Take(MostTargets).Select(target => NearestRow(result, target.Target));

    public static void Write(HtmlWriter html, ReportedSelection selection, SelectionResult plan, TargetReach reach)
    {
        using (html.Open("section"))
        {
            html.Element("h2", "How near the pool comes to each target");
            WriteHistogram(html, plan, reach);
            if (double.IsFinite(reach.MedianWaterLevel))
            {
                html.Element(
                    "p",
                    reach.Unreachable.Count == 0
                        ? $"The nearest row of every target lies within "
                            + $"{Figures.Short(reach.MedianWaterLevel)}, the distance up to which the median "
                            + $"target sends mass: the pool serves all of them."
                        : $"The line marks {Figures.Short(reach.MedianWaterLevel)}, the distance up to which "
                            + $"the median target sends mass. "
                            + $"{Figures.Of(reach.Unreachable.Count, "target")} beyond it "
                            + $"{(reach.Unreachable.Count == 1 ? "has" : "have")} nothing nearer in the whole "
                            + $"pool."
                );
            }

            WriteTargets(html, selection, plan, reach);
        }
    }

    /// <summary>
    /// Returns the nearest candidate of a target, which has the first entry because mass goes to the nearest first.
    /// </summary>
    private static long NearestRow(SelectionResult result, int target) =>
        result.Plan.EntriesOf(target).Span[0].CandidateId;

    private static void WriteHistogram(HtmlWriter html, SelectionResult result, TargetReach reach)
    {
        double[] distances = [.. result.Targets.Select(target => target.NearestDistance)];
        double limit = reach.MedianWaterLevel;
        bool hasLimit = double.IsFinite(limit);
        double most = Math.Max(hasLimit ? Math.Max(limit, distances.Max()) : distances.Max(), 1e-9);

        // The limit is the end of a bin, so that each bin lies on one side of it; unless all but a few targets lie on
        // the pool.
        double binsBelow = hasLimit ? Math.Round(limit / most * BinCount) : 0;
        double width = binsBelow >= 1 ? limit / binsBelow : most / BinCount;
        int[] counts = new int[(int)Math.Ceiling(most / width) + 1];
        foreach (double distance in distances)
        {
            counts[Math.Max(0, (int)Math.Ceiling(distance / width) - 1)]++;
        }

        Axis x = new(0, width * counts.Length);
        double highest = counts.Max();
        using (html.Open("figure", ("class", "plot")))
        using (html.Open("svg", ("class", "reach"), ("role", "img"), ("aria-labelledby", Title)))
        {
            html.Element(
                "title",
                $"Distances from targets to their nearest row: from {Figures.Short(distances.Min())} to "
                    + $"{Figures.Short(distances.Max())}, median "
                    + $"{Figures.Short(distances.Order().ElementAt(distances.Length / 2))}.",
                ("id", Title)
            );
            for (int bin = 0; bin < counts.Length; bin++)
            {
                double height = counts[bin] / highest * 100;
                if (counts[bin] > 0)
                {
                    html.Element(
                        "rect",
                        "",
                        ("class", (bin + 0.5) * width > limit ? "bar far" : "bar"),
                        ("x", Figures.Coordinate((bin + 0.08) * 100 / counts.Length) + "%"),
                        ("width", Figures.Coordinate(0.84 * 100 / counts.Length) + "%"),
                        ("y", Figures.Coordinate(100 - height) + "%"),
                        ("height", Figures.Coordinate(height) + "%")
                    );
                }
            }

            html.Element("line", "", ("class", "axis"), ("x1", "0"), ("x2", "100%"), ("y1", "100%"), ("y2", "100%"));
            foreach (double tick in x.Ticks(5))
            {
                html.Element(
                    "text",
                    Figures.Short(tick),
                    ("class", "tick"),
                    ("x", x.X(tick)),
                    ("y", "100%"),
                    ("dy", "18"),
                    ("text-anchor", tick == 0 ? "start" : "middle")
                );
            }

            html.Element(
                "text",
                "distance to the nearest row",
                ("class", "label"),
                ("x", "100%"),
                ("y", "100%"),
                ("dy", "38"),
                ("text-anchor", "end")
            );
            html.Element("text", "targets", ("class", "label"), ("x", "0"), ("y", "0"), ("dy", "-12"));
            if (hasLimit)
            {
                html.Element(
                    "line",
                    "",
                    ("class", "limit"),
                    ("x1", x.X(limit)),
                    ("x2", x.X(limit)),
                    ("y1", "0"),
                    ("y2", "100%")
                );
            }
        }
    }

    private static void WriteTargets(
        HtmlWriter html,
        ReportedSelection selection,
        SelectionResult plan,
        TargetReach reach
    )
    {
        if (reach.Unreachable.Count == 0)
        {
            return;
        }

        using (html.Open("table"))
        {
            html.Element("caption", "Targets out of reach, and the row that comes nearest to each.");
            html.TableHead(("target", null), ("distance", "number"));

            using (html.Open("tbody"))
            {
                foreach (TargetReport target in reach.Unreachable.Take(MostTargets))
                {
                    using (html.Open("tr"))
                    {
                        using (html.Open("td"))
                        {
                            TargetText.Write(html, selection, target.Target, TextLength);
                            long nearest = NearestRow(plan, target.Target);
                            using (html.Open("span", ("class", "note")))
                            {
                                html.Text("nearest: ");
                                if (selection.Rows.TryGetValue(nearest, out ReportedRow? row))
                                {
                                    html.Words(row.Text, TextLength);
                                }
                                else
                                {
                                    html.Text($"row {nearest}");
                                }
                            }
                        }

                        html.Element("td", Figures.Fixed(target.NearestDistance), ("class", "number"));
                    }
                }
            }
        }

        if (reach.Unreachable.Count > MostTargets)
        {
            html.Element(
                "p",
                $"And {Figures.Of(reach.Unreachable.Count - MostTargets, "more target")}: targets.jsonl has them all.",
                ("class", "note")
            );
        }
    }
}
