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
                html.Element("p", Certificate(plan.Certificate, selection.CandidateCount));
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

        yield return ("regularizer", OptionNames.Of(asked.Regularizer), "what diversity means");
        yield return ("sampling", OptionNames.Of(asked.Sampling), $"how rows are drawn, seed {asked.Seed}");
    }

    private static void WriteTuning(HtmlWriter html, ReportedSelection selection)
    {
        if (selection.Chosen is not { Tuning.Curve: { Count: > 0 } tuning, Transport.Alpha: var chosen })
        {
            return;
        }

        using (html.Open("table"))
        {
            html.Element(
                "caption",
                "Alpha was chosen by targets held back: the distance from them to what each alpha selects."
            );
            html.TableHead(("alpha", null), ("distance", "number"), ("±", "number"));

            using (html.Open("tbody"))
            {
                foreach (TuningPoint point in tuning)
                {
                    using (html.Open("tr", ("class", point.Alpha == chosen ? "picked" : null)))
                    {
                        html.Element(
                            "th",
                            Figures.Short(point.Alpha) + (point.Alpha == chosen ? ", chosen" : ""),
                            ("scope", "row")
                        );
                        html.Element("td", Figures.Fixed(point.HeldOutDistance, 4), ("class", "number"));
                        html.Element("td", Figures.Fixed(point.StandardError, 4), ("class", "number"));
                    }
                }
            }
        }
    }
}
