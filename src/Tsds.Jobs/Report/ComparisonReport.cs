using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Report;

/// <summary>Writes the report of a comparison: methods side by side, with intervals.</summary>
/// <remarks>
/// One file without scripts that loads nothing and follows the reader's color scheme; all texts are escaped.
/// </remarks>
internal static class ComparisonReport
{
    private const int DetailsLength = 200_000;

    /// <summary>Writes the page.</summary>
    /// <param name="output">Receives UTF-8; stays open.</param>
    /// <param name="headline">What was found, in one sentence.</param>
    /// <param name="summary">What was compared, on what; a few sentences.</param>
    /// <param name="scorecards">One for each method, in the order in which they are shown; each with the same
    /// metrics.</param>
    /// <param name="details">What a reader may want to look up, as JSON, folded; or null.</param>
    /// <exception cref="ArgumentException">There is no scorecard.</exception>
    public static void Write(
        Stream output,
        string headline,
        string summary,
        IReadOnlyList<Scorecard> scorecards,
        string? details = null
    )
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(scorecards);
        if (scorecards.Count == 0)
        {
            throw new ArgumentException("Expected at least one scorecard, found none.", nameof(scorecards));
        }

        ReportPage.Write(
            output,
            $"{VisibleText.Line(headline, 200)} · Tsds",
            html =>
            {
                using (html.Open("header"))
                {
                    html.Element("p", "Comparison report", ("class", "kicker"));
                    html.Element("h1", VisibleText.Line(headline, 200));
                    html.Element("p", VisibleText.Line(summary, 2_000), ("class", "lead"));
                }

                ScorecardSection.Write(html, scorecards);
                if (details is not null)
                {
                    ReportDetails.WriteJson(html, "Details", details, DetailsLength);
                }
            }
        );
    }
}
