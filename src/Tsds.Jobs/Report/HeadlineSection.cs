using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Report;

/// <summary>
/// The section with what was chosen, in words and a few numbers, and what the user should know first.
/// </summary>
internal static class HeadlineSection
{
    /// <summary>The share of the rows from which groups with several drawn rows are mentioned.</summary>
    private const double NotableRedundancy = 0.05;

    public static string Headline(ReportedSelection selection) =>
        $"{Figures.Count(RowsOf(selection))} of {Figures.Of(selection.PoolRows, "row")} "
        + $"chosen for "
        + $"{Figures.Of(selection.Targets.Count, "target")}";

    public static void Write(HtmlWriter html, ReportedSelection selection, TargetReach? reach)
    {
        using (html.Open("header"))
        {
            html.Element("p", "Selection report", ("class", "kicker"));
            html.Element("h1", Headline(selection));
            using (html.Open("p", ("class", "lead")))
            {
                WriteLead(html, selection);
            }
        }

        WriteFigures(html, selection, reach);
        WriteWarnings(html, selection, reach);
    }

    private static void WriteLead(HtmlWriter html, ReportedSelection selection)
    {
        if (selection.Chosen.Transport is not { } plan)
        {
            html.Element("strong", $"Chosen by {selection.Spec.Method}.");
            html.Text(
                " It makes no plan that could be proven; tsds compare shows how such a choice serves targets "
                    + "that it has not seen."
            );
            return;
        }

        bool isCertified = plan.Certificate.IsCertified;
        html.Element(
            "strong",
            isCertified ? "Proven optimal." : "Not proven optimal.",
            ("class", isCertified ? "good" : "bad")
        );
        html.Text(
            isCertified
                ? $" No other plan over {(selection.Sieve is null ? "the whole pool" : "what the sieve left")} serves "
                    + "these targets better at the alignment and diversity that were asked for."
                : " Rows that were not looked at might serve these targets better."
        );
    }

    private static void WriteFigures(HtmlWriter html, ReportedSelection selection, TargetReach? reach)
    {
        Selection chosen = selection.Chosen;
        using (html.Open("dl", ("class", "figures")))
        {
            Figure(
                html,
                "rows chosen",
                Figures.Count(RowsOf(selection)),
                $"{Figures.Percent((double)chosen.Rows.Length / selection.PoolRows)} " + "of the pool"
            );
            if (chosen.Tokens is { } tokens)
            {
                Figure(html, "tokens", Figures.Count(tokens.Drawn), tokens.IsExact ? "counted" : "estimated");
            }

            if (chosen.Transport is { } plan && reach is not null)
            {
                WritePlanFigures(html, selection, plan, reach);
                return;
            }

            Figure(
                html,
                "mean distance",
                Figures.Fixed(chosen.SelectedDistances!.Average()),
                "from a target to its nearest chosen row"
            );
            if (chosen.Bandwidth > 0)
            {
                Figure(
                    html,
                    "near-duplicates",
                    Figures.Count(selection.Clusters.Sum(cluster => cluster.Members.Count)),
                    $"of {Figures.Of(chosen.Rows.Length, "chosen row")}"
                );
            }
        }
    }

    private static void WritePlanFigures(
        HtmlWriter html,
        ReportedSelection selection,
        SelectionResult plan,
        TargetReach reach
    )
    {
        Figure(html, "mean distance", Figures.Fixed(plan.TransportCost), "from a target to its rows");
        if (plan.EffectiveNeighbors is { } neighbors)
        {
            Figure(
                html,
                "rows per target",
                neighbors < 100 ? Figures.Fixed(neighbors, 1) : Figures.Count(neighbors),
                $"at alpha {Figures.Short(plan.Alpha)}"
            );
        }

        Figure(
            html,
            "out of reach",
            Figures.Count(reach.Unreachable.Count),
            $"of {Figures.Of(selection.Targets.Count, "target")}"
        );
        if (plan.Bandwidth > 0)
        {
            Figure(
                html,
                "near-duplicates",
                Figures.Count(plan.NearDuplicateCount),
                $"of {Figures.Of(plan.DensitiesEvaluated, "row")} looked at"
            );
        }
    }

    private static void Figure(HtmlWriter html, string name, string value, string note)
    {
        using (html.Open("div"))
        {
            html.Element("dt", name);
            using (html.Open("dd"))
            {
                html.Element("span", value, ("class", "value"));
                html.Element("span", note, ("class", "note"));
            }
        }
    }

    private static void WriteWarnings(HtmlWriter html, ReportedSelection selection, TargetReach? reach)
    {
        List<(string Claim, string Advice)> warnings = [.. Warnings(selection, reach)];
        if (warnings.Count == 0)
        {
            return;
        }

        using (html.Open("ul", ("class", "warnings")))
        {
            foreach ((string claim, string advice) in warnings)
            {
                using (html.Open("li"))
                {
                    html.Element("strong", claim);
                    html.Text(" " + advice);
                }
            }
        }
    }

    private static IEnumerable<(string Claim, string Advice)> Warnings(ReportedSelection selection, TargetReach? reach)
    {
        if (reach is { Unreachable.Count: > 0 and int unreachable })
        {
            string verb = unreachable == 1 ? "is" : "are";
            yield return (
                $"{Figures.Count(unreachable)} of {Figures.Of(selection.Targets.Count, "target")} {verb} out of reach.",
                $"Even the nearest row lies farther away than the median target has to look "
                    + $"({Figures.Short(reach.MedianWaterLevel)}). No setting brings a nearer one: the pool lacks "
                    + $"such rows. Collect some."
            );
        }

        foreach (TaskAcquaintance task in selection.Acquaintance.Where(task => task.IsPoor))
        {
            yield return (
                $"{(task.Task is { } name ? $"{name}: your" : "Your")} targets do not look alike to this embedder.",
                $"{Figures.Percent(task.Percentile)} of the pool's rows are nearer to the others than a target that is "
                    + "held out; half would be by chance. Try another embedder, more targets, or, where they ask for "
                    + "different things, a named task for each kind."
            );
        }

        if (selection.Chosen.Transport is { Certificate: { IsCertified: false } certificate })
        {
            yield return (
                "The plan is not proven optimal.",
                $"Its relative gap is {Figures.Short(certificate.RelativeGap)}."
            );
        }

        long redundant = selection.Clusters.Sum(cluster => (long)Math.Max(0, cluster.DrawnCount - 1));
        if (redundant > NotableRedundancy * RowsOf(selection))
        {
            yield return (
                $"{Figures.Of(redundant, "chosen row")} could go without losing anything new.",
                "They are near-duplicates of other chosen rows: "
                    + (
                        selection.Chosen.Transport is null
                            ? "a method that looks for copies spends less on them."
                            : "a smaller budget, or a larger bandwidth, spends less on copies."
                    )
            );
        }

        if (selection.Chosen.AlikeRows is { } alike)
        {
            yield return (
                $"Beyond about {Figures.Of(alike, "row")} the pool has nothing as near as your targets are to each "
                    + "other.",
                "The budget is larger: the rows behind them are the nearest that there are, and may have little to do "
                    + "with the task. A smaller budget, or more rows of the kind, would do better."
            );
        }

        if (selection.Sieve is { } sieve)
        {
            yield return (
                $"A sieve left {Figures.Of(sieve.Rows, "row")} of {Figures.Count(sieve.PoolRows)} to be embedded.",
                (
                    sieve.Relevant == 0
                        ? "The sample had no row to measure what it finds. "
                        : $"It kept {Figures.Count(sieve.Found)} of {Figures.Of(sieve.Relevant, "row")} of a random "
                            + $"sample that the exact selection takes: {Figures.Percent(sieve.Recall)}, between "
                            + $"{Figures.Percent(sieve.RecallLow)} and {Figures.Percent(sieve.RecallHigh)}. "
                ) + "The proof holds for the rows that it left."
            );
        }

        if (selection.CopyCount > 0)
        {
            yield return (
                $"{Figures.Of(selection.CopyCount, "row")} of the pool {(selection.CopyCount == 1 ? "is" : "are")} the "
                    + "same as another one.",
                "The first of each stands for all; clusters.jsonl lists them beside those that targets reached."
            );
        }

        if (selection.SkippedRows > 0)
        {
            yield return (
                $"{Figures.Of(selection.SkippedRows, "row")} could not be read.",
                "The manifest lists them with the reason."
            );
        }

        foreach (ExclusionCount count in selection.Excluded)
        {
            string left =
                $"{Figures.Count(count.SameText)} for their text and {Figures.Count(count.Near)} for their "
                + $"distance; excluded.jsonl lists each with its pair.";
            yield return count.Option == "keep"
                ? (
                    $"{Figures.Of(count.Given, "kept row")} come first in selected.jsonl.",
                    $"They are not shown here. Candidates that repeat them were left out, {left}"
                )
                : (
                    $"{Figures.Of(count.SameText + count.Near, "candidate")} repeated excluded rows.",
                    $"They were left out, {left}"
                );
        }
    }

    private static long RowsOf(ReportedSelection selection) => selection.Chosen.RowCount;
}
