using Tsds.Data.Files;
using Tsds.Jobs.Export;

namespace Tsds.Cli.Output;

/// <summary>The event of <c>tsds export</c>.</summary>
internal static class ExportEvents
{
    public static JsonEvent Result(ExportSummary summary) =>
        new(
            "result",
            json =>
            {
                json.WriteNumber("rows", summary.Rows);
                json.WriteString("schema", summary.Schema);
                json.WriteBoolean("verbatim", summary.IsVerbatim);
                json.WriteNumber("skippedRows", summary.SkippedCount);
                json.WriteStrings("files", summary.FilesWritten);
                json.WriteString("snippet", summary.Snippet);
            }
        );
}
