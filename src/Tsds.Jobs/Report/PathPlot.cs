namespace Tsds.Jobs.Report;

/// <summary>The plot of the plans from most aligned to most diverse, with the chosen one marked.</summary>
internal static class PathPlot
{
    private const string Title = "path-title";

    public static void Write(HtmlWriter html, SelectionResult result, long budget, long? alikeRows)
    {
        IReadOnlyList<PathPoint> path = result.Path;
        if (path.Count < 2)
        {
            return;
        }

        int support = result.Plan.CandidateIds.Length;
        Axis x = Axis.Around([.. path.Select(point => (double)point.Support), support]);
        Axis y = Axis.Around([.. path.Select(point => point.TransportCost), result.TransportCost], airShare: 0.12);
        using (html.Open("section"))
        {
            html.Element("h2", "Alignment against diversity");
            html.Element(
                "p",
                "Each point of the line is the best plan for its trade-off. To the left each target takes "
                    + "its nearest rows only; to the right it spreads over more rows, farther away. A smaller "
                    + "alpha moves to the right."
                    + (IsInside(x, budget) ? " Left of the budget there are too few rows to draw without repeats." : "")
            );
            using (html.Open("figure", ("class", "plot")))
            using (html.Open("svg", ("class", "path"), ("role", "img"), ("aria-labelledby", Title)))
            {
                html.Element(
                    "title",
                    $"The path of plans: mean distance from {Figures.Short(path[0].TransportCost)} to "
                        + $"{Figures.Short(path[^1].TransportCost)}, rows reached from "
                        + $"{Figures.Count(path[0].Support)} to {Figures.Count(path[^1].Support)}. Chosen: "
                        + $"distance {Figures.Short(result.TransportCost)}, {Figures.Of(support, "row")}.",
                    ("id", Title)
                );
                WriteAxes(html, x, y);
                WriteLimit(html, $"budget {Figures.Count(budget)}", budget, x);
                if (alikeRows is { } alike)
                {
                    WriteLimit(html, $"as near as targets {Figures.Count(alike)}", alike, x);
                }

                using (
                    html.Open(
                        "svg",
                        ("viewBox", "0 0 100 100"),
                        ("preserveAspectRatio", "none"),
                        ("width", "100%"),
                        ("height", "100%")
                    )
                )
                {
                    string line = string.Join(
                        ' ',
                        path.Select(point =>
                            $"{Figures.Coordinate(x.At(point.Support))},"
                            + $"{Figures.Coordinate(100 - y.At(point.TransportCost))}"
                        )
                    );
                    html.Element("polyline", "", ("class", "line"), ("points", line));
                }

                WriteChosen(html, support, result.TransportCost, x, y);
            }
        }
    }

    private static void WriteAxes(HtmlWriter html, Axis x, Axis y)
    {
        foreach (double tick in y.Ticks(4))
        {
            html.Element(
                "line",
                "",
                ("class", "grid"),
                ("x1", "0"),
                ("x2", "100%"),
                ("y1", y.Y(tick)),
                ("y2", y.Y(tick))
            );
            html.Element(
                "text",
                Figures.Short(tick),
                ("class", "tick"),
                ("x", "0"),
                ("y", y.Y(tick)),
                ("dx", "-8"),
                ("dy", "4"),
                ("text-anchor", "end")
            );
        }

        foreach (double tick in x.Ticks(4))
        {
            html.Element(
                "text",
                Figures.Count(tick),
                ("class", "tick"),
                ("x", x.X(tick)),
                ("y", "100%"),
                ("dy", "18"),
                ("text-anchor", "middle")
            );
        }

        html.Element("line", "", ("class", "axis"), ("x1", "0"), ("x2", "100%"), ("y1", "100%"), ("y2", "100%"));
        html.Element(
            "text",
            "mean distance from a target to its rows",
            ("class", "label"),
            ("x", "0"),
            ("y", "0"),
            ("dx", "-40"),
            ("dy", "-12")
        );
        html.Element(
            "text",
            "rows that the plan reaches",
            ("class", "label"),
            ("x", "100%"),
            ("y", "100%"),
            ("dy", "38"),
            ("text-anchor", "end")
        );
    }

    private static bool IsInside(Axis axis, double value) => axis.At(value) is >= 0 and <= 100;

    /// <summary>Writes an upright line at a number of rows.</summary>
    private static void WriteLimit(HtmlWriter html, string name, long rows, Axis x)
    {
        if (IsInside(x, rows))
        {
            html.Element(
                "line",
                "",
                ("class", "limit"),
                ("x1", x.X(rows)),
                ("x2", x.X(rows)),
                ("y1", "0"),
                ("y2", "100%")
            );
            bool isRight = x.At(rows) > 50;
            html.Element(
                "text",
                name,
                ("class", "label"),
                ("x", x.X(rows)),
                ("y", "100%"),
                ("dx", isRight ? "-8" : "8"),
                ("dy", "-8"),
                ("text-anchor", isRight ? "end" : "start")
            );
        }
    }

    private static void WriteChosen(HtmlWriter html, int support, double distance, Axis x, Axis y)
    {
        html.Element("circle", "", ("class", "chosen"), ("cx", x.X(support)), ("cy", y.Y(distance)), ("r", "6"));

        // The line rises: above it on its left, or below it on its right, there is room.
        bool isRight = x.At(support) > 50;
        html.Element(
            "text",
            $"chosen: {Figures.Count(support)} rows at {Figures.Fixed(distance)}",
            ("class", "callout"),
            ("x", x.X(support)),
            ("y", y.Y(distance)),
            ("dx", isRight ? "-14" : "14"),
            ("dy", isRight ? "-8" : "18"),
            ("text-anchor", isRight ? "end" : "start")
        );
    }
}
