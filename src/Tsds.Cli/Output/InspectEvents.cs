using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Output;

/// <summary>The events of <c>tsds inspect</c>.</summary>
internal static class InspectEvents
{
    public static JsonEvent File(InspectedFile file) =>
        new(
            "file",
            json =>
            {
                json.WriteString("path", file.Path);
                json.WriteString("problem", file.Problem);
                json.WriteString("container", file.File?.Container);
                json.WriteString("schema", file.File?.Schema);
                WriteCounts(json, "schemas", file.File?.Schemas ?? new Dictionary<string, long>());
                json.WriteNumber("rows", file.File?.Rows ?? 0);
                json.WriteNumber("badRows", file.File?.SkippedRows ?? 0);
                json.WriteStrings(
                    "firstBadRows",
                    [.. file.SkippedRows.Take(10).Select(row => $"{row.Line}: {row.Reason}")]
                );
                json.WriteNumber("bytes", file.File?.Bytes ?? 0);
                json.WriteString("sha256", file.File?.Sha256);
                json.WriteNumber("characters", file.Characters);
                json.WriteNumber("tokens", file.Tokens);
                WriteCounts(json, "emptyFields", file.EmptyFields);
                WriteCounts(json, "letters", file.Letters);
            }
        );

    public static JsonEvent Result(InspectReport report) =>
        new(
            "result",
            json =>
            {
                json.WriteNumber("files", report.Files.Count);
                json.WriteNumber("rows", report.Rows);
                json.WriteNumber("bytes", report.Bytes);
                json.WriteNumber("characters", report.Characters);
                json.WriteNumber("tokens", report.Tokens);
                json.WriteNumber("duplicateRows", report.DuplicateRows);
                json.WriteBoolean("duplicateRowsExact", report.IsDuplicateCountExact);
                json.WriteNumber("plannedMemoryBytes", report.PlannedMemoryBytes);
                json.WriteNumber("plannedSeconds", Math.Round(report.PlannedTime.TotalSeconds, 1));
                json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
                json.WriteNumber("peakMemoryBytes", report.PeakMemoryBytes);
            }
        );

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, long count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }
}
