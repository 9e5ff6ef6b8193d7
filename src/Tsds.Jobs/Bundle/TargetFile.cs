using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes <c>targets.jsonl</c>: how each target is served.</summary>
internal static class TargetFile
{
    public static void Write(
        string path,
        SelectionResult result,
        IReadOnlyList<TargetRow>? rows,
        TargetTasks? tasks,
        SourceLedger sources
    )
    {
        using JsonLineWriter writer = new(path);
        foreach (TargetReport report in result.Targets)
        {
            writer.Write(json =>
            {
                WriteIdentity(json, report.Target, rows, tasks);
                json.WriteNumber("weight", report.Weight);
                json.WriteFinite("waterLevel", report.WaterLevel);
                json.WriteNumber("neighborsUsed", report.NeighborsUsed);
                json.WriteNumber("nearestDistance", report.NearestDistance);
                json.WriteStartObject("sources");
                foreach ((string source, double share) in sources.SharesOf(result.Plan.EntriesOf(report.Target).Span))
                {
                    json.WriteNumber(source, share);
                }

                json.WriteEndObject();
            });
        }
    }

    /// <summary>Writes which target a line is about and where it stands.</summary>
    public static void WriteIdentity(
        Utf8JsonWriter json,
        int target,
        IReadOnlyList<TargetRow>? rows,
        TargetTasks? tasks
    )
    {
        json.WriteNumber("target", target);
        if (tasks is not null)
        {
            json.WriteString("task", tasks.NameOf(target));
        }

        if (rows is not null)
        {
            TargetRow row = rows[target];
            json.WriteString("file", row.File);
            json.WriteNumber("line", row.Line);
            json.WriteString("id", row.Id);
        }
    }
}
