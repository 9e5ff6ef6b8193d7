using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Report;

/// <summary>
/// The section with the metrics of each method: the most important ones as plots of skill with intervals, all of them
/// in a table.
/// </summary>
internal static class ScorecardSection
{
    private const int NameLength = 40;

    /// <summary>The smallest skill that is drawn; values beyond are drawn at the end, with their number.</summary>
    private const double LeastSkill = -1;
    private const double MostSkill = 2;

    /// <summary>The most important metrics and their meanings.</summary>
    private static readonly (string Name, string Title, string Meaning)[] First =
    [
        (
            "wasserstein1",
            "Distance to held-out targets",
            "how far the chosen rows lie from held-out targets when each target must take its share; smaller is better"
        ),
        ("klReduction", "Words", "how much nearer to the targets' words than the pool, in nats; larger is better"),
        (
            "crossEntropy",
            "Language model",
            "how well a small model trained on the selection predicts held-out targets, in nats per word; "
                + "smaller is better"
        ),
        ("coverageDistance", "Coverage", "how far a held-out target is from its nearest chosen row; smaller is better"),
    ];

    public static void Write(HtmlWriter html, IReadOnlyList<Scorecard> scorecards)
    {
        using (html.Open("section"))
        {
            html.Element("h2", "Scorecard");
            html.Element(
                "p",
                "Skill is 0 for random rows and 1 for real targets in place of a selection. Bars are the "
                    + "middle 95 % over resamples of the held-out targets; methods whose bars overlap may differ "
                    + "by chance."
            );
            foreach ((string name, string title, string meaning) in First)
            {
                MetricValue[] values =
                [
                    .. scorecards.SelectMany(card => card.Metrics.Where(metric => metric.Name == name)),
                ];
                if (values.Length == scorecards.Count)
                {
                    WriteMetric(html, title, meaning, scorecards, values);
                }
            }

            WriteAll(html, scorecards);
        }
    }

    private static void WriteMetric(
        HtmlWriter html,
        string title,
        string meaning,
        IReadOnlyList<Scorecard> scorecards,
        MetricValue[] values
    )
    {
        Axis axis = SkillAxis(values);
        html.Element("h3", title);
        using (html.Open("table", ("class", "skills")))
        {
            html.Element("caption", meaning);
            html.TableHead(
                ("method", null),
                ("from chance to real targets", "bars"),
                ("skill", "number"),
                ("value", "number")
            );

            using (html.Open("tbody"))
            {
                for (int i = 0; i < values.Length; i++)
                {
                    using (html.Open("tr"))
                    {
                        using (html.Open("th", ("scope", "row")))
                        {
                            html.Words(scorecards[i].Method, NameLength);
                        }

                        using (html.Open("td", ("class", "bars")))
                        {
                            WriteInterval(html, axis, values[i]);
                        }

                        WriteNumber(html, values[i].Skill, values[i].SkillInterval);
                        WriteNumber(html, values[i].Value, values[i].Interval);
                    }
                }
            }
        }
    }

    private static Axis SkillAxis(MetricValue[] values)
    {
        IEnumerable<double> ends = values
            .SelectMany(value => new[] { value.Skill, value.SkillInterval?.Low, value.SkillInterval?.High })
            .OfType<double>()
            .Where(double.IsFinite)
            .Select(Clamp);
        return Axis.Around([0, 1, .. ends]);
    }

    private static double Clamp(double skill) => Math.Clamp(skill, LeastSkill, MostSkill);

    private static void WriteInterval(HtmlWriter html, Axis axis, MetricValue value)
    {
        using (html.Open("svg", ("class", "interval"), ("aria-hidden", "true")))
        {
            foreach ((double at, string kind) in new[] { (0.0, "chance"), (1.0, "real") })
            {
                html.Element(
                    "line",
                    "",
                    ("class", kind),
                    ("x1", axis.X(at)),
                    ("x2", axis.X(at)),
                    ("y1", "0"),
                    ("y2", "100%")
                );
            }

            if (value.SkillInterval is { } interval)
            {
                html.Element(
                    "line",
                    "",
                    ("class", "line"),
                    ("x1", axis.X(Clamp(interval.Low))),
                    ("x2", axis.X(Clamp(interval.High))),
                    ("y1", "50%"),
                    ("y2", "50%")
                );
            }

            if (value.Skill is { } skill)
            {
                html.Element(
                    "circle",
                    "",
                    ("class", "chosen"),
                    ("cx", axis.X(Clamp(skill))),
                    ("cy", "50%"),
                    ("r", "5")
                );
            }
        }
    }

    private static void WriteNumber(HtmlWriter html, double? value, Interval? interval)
    {
        using (html.Open("td", ("class", "number")))
        {
            html.Text(value is { } number ? Figures.Fixed(number) : "–");
            if (value is not null && interval is { } ends)
            {
                html.Element(
                    "span",
                    $"{Figures.Fixed(ends.Low, 2)} to {Figures.Fixed(ends.High, 2)}",
                    ("class", "note")
                );
            }
        }
    }

    private static void WriteAll(HtmlWriter html, IReadOnlyList<Scorecard> scorecards)
    {
        using (html.Open("details"))
        {
            html.Element("summary", "All metrics");

            // Focusable, so that the keyboard can scroll it too.
            using (
                html.Open(
                    "div",
                    ("class", "scroll"),
                    ("tabindex", "0"),
                    ("role", "region"),
                    ("aria-label", "All metrics")
                )
            )
            using (html.Open("table"))
            {
                using (html.Open("thead"))
                using (html.Open("tr"))
                {
                    html.Element("th", "metric", ("scope", "col"));
                    foreach (Scorecard card in scorecards)
                    {
                        using (html.Open("th", ("scope", "col"), ("class", "number")))
                        {
                            html.Words(card.Method, NameLength);
                        }
                    }
                }

                using (html.Open("tbody"))
                {
                    foreach (
                        string name in scorecards
                            .SelectMany(card => card.Metrics)
                            .Select(metric => metric.Name)
                            .Distinct()
                    )
                    {
                        using (html.Open("tr"))
                        {
                            html.Element("th", name, ("scope", "row"));
                            foreach (Scorecard card in scorecards)
                            {
                                MetricValue? value = card.Metrics.FirstOrDefault(metric => metric.Name == name);
                                html.Element(
                                    "td",
                                    value is null ? "–" : Figures.Short(value.Value),
                                    ("class", "number")
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}
