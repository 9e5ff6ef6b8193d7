namespace Tsds.Jobs.Report;

/// <summary>What is folded until a reader asks for it.</summary>
internal static class ReportDetails
{
    /// <summary>Writes a JSON text as it stands, to its first characters.</summary>
    public static void WriteJson(HtmlWriter html, string title, string json, int maxLength)
    {
        using (html.Open("details"))
        {
            html.Element("summary", title);
            html.Element("pre", VisibleText.Verbatim(json, maxLength));
        }
    }
}
