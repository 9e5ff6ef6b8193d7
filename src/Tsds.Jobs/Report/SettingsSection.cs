using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Report;

/// <summary>
/// The section with the proof that the plan is the best one, if there is a plan, the settings and the manifest.
/// </summary>
internal static class SettingsSection
{
    private const int ManifestLength = 200_000;

    public static void Write(HtmlWriter html, ReportedSelection selection)
    {
        using (html.Open("section"))
        {
            html.Element("h2", selection.Chosen.Transport is null ? "The settings" : "The proof, and the settings");
            if (selection.Chosen.Transport is { } plan)
            {
                html.Element(
                    "p",
                    Certificate(plan.Certificate, selection.CandidateCount)
                        + (plan.Relevance.Count > 0 ? " Costs are distances with what relevance adds to them." : "")
                );
            }

            using (html.Open("table", ("class", "settings")))
            using (html.Open("tbody"))
            {
                foreach ((string name, string value, string meaning) in Settings(selection))
                {
                    using (html.Open("tr"))
                    {
                        html.Element("th", name, ("scope", "row"));
                        html.Element("td", value, ("class", "number"));
                        html.Element("td", meaning, ("class", "note"));
                    }
                }
            }

            WriteTuning(html, selection);
            ReportDetails.WriteJson(html, "Manifest", selection.Manifest, ManifestLength);
        }
    }

    private static string Certificate(Certificate certificate, long candidates)
    {
        string values =
            $"The plan costs {Figures.Real(certificate.Primal)}, and no plan can cost less than "
            + $"{Figures.Real(certificate.Dual)}";
        return certificate switch
        {
            { IsCertified: true } =>
                $"{values}, a bound that holds over all {Figures.Of(candidates, "candidate")}: the two agree "
                    + $"to {Figures.Tiny(Math.Max(Math.Abs(certificate.RelativeGap), 1e-16))}, which is rounding.",
            { IsComplete: true } => $"{values}: the gap is wider than rounding explains.",
            _ => $"{values} that uses the neighbors looked at; farther rows might allow a better one.",
        };
    }

    private static IEnumerable<(string Name, string Value, string Meaning)> Settings(ReportedSelection selection)
    {
        SelectionResult? plan = selection.Chosen.Transport;
        SelectionOptions asked = selection.Spec.Settings;
        yield return ("budget", selection.Spec.Budget.ToString(), $"{Figures.Of(selection.Chosen.Budget, "row")}");
        if (selection.Spec.Sieve is { } sieve)
        {
            yield return ("sieve", sieve.ToString(), "how many rows a linear model left to be embedded");
        }

        if (plan is not null)
        {
            yield return ("alpha", Figures.Short(plan.Alpha), "alignment against diversity, 0 to 1");
            yield return (
                "scale",
                Figures.Short(plan.Scale),
                asked.Scale is null
                    ? "the distance that alpha weighs against, from the data"
                    : "the distance that alpha weighs against"
            );
        }

        if (selection.Chosen.Bandwidth > 0)
        {
            bool isAutomatic = plan is null || asked.Bandwidth is null;
            yield return (
                "bandwidth",
                Figures.Short(selection.Chosen.Bandwidth),
                isAutomatic ? "rows nearer than this are copies, from the data" : "rows nearer than this are copies"
            );
        }

        if (plan is null)
        {
            yield return ("method", selection.Spec.Method, $"what chose, seed {asked.Seed}");
            yield break;
        }

        yield return (
            "relevance",
            Figures.Short(selection.Chosen.Tuning?.Selection.Relevance ?? asked.Relevance),
            "what it costs a row to be as unlike your targets as the pool is on average"
        );
        yield return ("center", asked.Center ? "on" : "off", "whether directions are taken from the pool's mean");
        yield return ("copies", OptionNames.Of(selection.Spec.Copies), "what rows that are the same count as");
        yield return ("regularizer", OptionNames.Of(asked.Regularizer), "what diversity means");
        yield return ("sampling", OptionNames.Of(asked.Sampling), $"how rows are drawn, seed {asked.Seed}");
    }

    private static void WriteTuning(HtmlWriter html, ReportedSelection selection)
    {
        if (selection.Chosen.Tuning is not { Curve: { Count: > 0 } curve } tuning)
        {
            return;
        }

        bool hasRelevance = TuningFile.TunesRelevance(curve);
        bool hasAlpha = TuningFile.TunesAlpha(curve);
        string name =
            !hasRelevance ? "alpha"
            : hasAlpha ? "relevance and alpha"
            : "relevance";
        using (html.Open("table"))
        {
            html.Element(
                "caption",
                $"{char.ToUpperInvariant(name[0])}{name[1..]} {(hasRelevance && hasAlpha ? "were" : "was")} chosen by "
                    + $"held-out targets: the distance from them to what each {name} selects."
            );
            html.TableHead((name, null), ("distance", "number"), ("±", "number"));

            using (html.Open("tbody"))
            {
                foreach (TuningPoint point in curve)
                {
                    bool isChosen = tuning.IsChosen(point);
                    string value = string.Join(
                        ", ",
                        new[]
                        {
                            hasRelevance ? Figures.Short(point.Relevance) : null,
                            hasAlpha ? Figures.Short(point.Alpha) : null,
                        }.OfType<string>()
                    );
                    using (html.Open("tr", ("class", isChosen ? "picked" : null)))
                    {
                        html.Element("th", value + (isChosen ? ", chosen" : ""), ("scope", "row"));
                        html.Element("td", Figures.Fixed(point.HeldOutDistance, 4), ("class", "number"));
                        html.Element("td", Figures.Fixed(point.StandardError, 4), ("class", "number"));
                    }
                }
            }
        }
    }
}
