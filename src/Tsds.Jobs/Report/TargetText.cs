using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Report;

/// <summary>Describes a target by its number, its task and its text.</summary>
internal static class TargetText
{
    private const int NameLength = 40;

    public static void Write(HtmlWriter html, ReportedSelection selection, int target, int maxLength)
    {
        ReportedTarget reported = selection.Targets[target];
        using (html.Open("span", ("class", "ref")))
        {
            // '#' keeps positions apart from ids.
            html.Text($"#{target} ");
            if (reported.Task is { } task)
            {
                html.Words(task, NameLength);
                html.Text(" ");
            }
        }

        if (reported.Text.Length > 0)
        {
            html.Words(reported.Text, maxLength);
        }
        else if (reported.Id is { } id)
        {
            html.Words(id, maxLength);
        }
    }
}
