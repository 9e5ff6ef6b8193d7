using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Report;

/// <summary>The section on each task: the share it asked for, the share it got, and the sources.</summary>
internal static class TaskSection
{
    private const int MostSources = 3;
    private const int NameLength = 60;

    public static void Write(HtmlWriter html, ReportedSelection selection, SelectionResult plan)
    {
        if (selection.Tasks.Count == 0)
        {
            return;
        }

        Dictionary<string, Dictionary<string, double>> sources = SourcesOfTasks(selection, plan);
        using (html.Open("section"))
        {
            html.Element("h2", "Tasks");
            html.Element(
                "p",
                "A row counts for the tasks in proportion to the mass that their targets send it. What is "
                    + "drawn may differ from what was asked: tasks that ask for the same rows share them, and a "
                    + "row is drawn once however much it gets."
            );
            using (html.Open("table"))
            {
                html.TableHead(("task", null), ("targets", "number"), ("asked", "number"), ("drawn", "number"));

                using (html.Open("tbody"))
                {
                    foreach (TaskShare task in selection.Tasks)
                    {
                        WriteTask(html, task, sources.GetValueOrDefault(task.Task) ?? []);
                    }
                }
            }
        }
    }

    private static void WriteTask(HtmlWriter html, TaskShare task, Dictionary<string, double> sources)
    {
        using (html.Open("tr"))
        {
            using (html.Open("th", ("scope", "row")))
            {
                html.Words(task.Task, NameLength);
                if (sources.Count > 0)
                {
                    using (html.Open("span", ("class", "note")))
                    {
                        WriteSources(html, sources);
                    }
                }
            }

            html.Element("td", Figures.Count(task.Targets), ("class", "number"));
            html.Element("td", Figures.Percent(task.Weight), ("class", "number"));
            html.Element("td", Figures.Percent(task.Share), ("class", "number"));
        }
    }

    private static void WriteSources(HtmlWriter html, Dictionary<string, double> sources)
    {
        double total = sources.Values.Sum();
        html.Text("from ");
        string separator = "";
        foreach (
            (string source, double share) in sources
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(MostSources)
        )
        {
            html.Text(separator);
            html.Words(source, NameLength);
            html.Text($" {Figures.Percent(share / total)}");
            separator = ", ";
        }
    }

    /// <summary>Returns, for each task, the mass that its targets send to drawn rows, by source.</summary>
    private static Dictionary<string, Dictionary<string, double>> SourcesOfTasks(
        ReportedSelection selection,
        SelectionResult plan
    )
    {
        Dictionary<string, Dictionary<string, double>> sources = new(StringComparer.Ordinal);
        HashSet<long> drawn = [.. plan.CandidateIds.Span];
        foreach (TransportEntry entry in plan.Plan.Entries.Span)
        {
            if (
                drawn.Contains(entry.CandidateId)
                && selection.Targets[entry.Target].Task is { } task
                && selection.Sources.TryGetValue(entry.CandidateId, out string? source)
            )
            {
                if (!sources.TryGetValue(task, out Dictionary<string, double>? ofTask))
                {
                    sources.Add(task, ofTask = new Dictionary<string, double>(StringComparer.Ordinal));
                }

                ofTask[source] = ofTask.GetValueOrDefault(source) + entry.Mass;
            }
        }

        return sources;
    }
}
