namespace Tsds.Jobs.Report;

/// <summary>Writes details that are folded until a reader opens them.</summary>
internal static class ReportDetails
{
    /// <summary>Writes the first characters of a JSON text, unchanged.</summary>
    public static void WriteJson(HtmlWriter html, string title, string json, int maxLength)
    {
        using (html.Open("details"))
        {
            html.Element("summary", title);
            html.Element("pre", VisibleText.Verbatim(json, maxLength));
        }
    }
}
