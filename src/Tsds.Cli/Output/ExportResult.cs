using System.Text.Json.Serialization;
using Tsds.Jobs.Export;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds export</c>.</summary>
/// <param name="Rows">The rows written.</param>
/// <param name="Schema">Their schema.</param>
/// <param name="Verbatim">True if they are the bytes that were selected.</param>
/// <param name="SkippedRows">The rows that the trainer could not use.</param>
/// <param name="Files">The files written.</param>
/// <param name="Snippet">What the trainer has to be told.</param>
/// <param name="Edited">True if the rows were changed after they were selected.</param>
/// <param name="Pushed">The page of the commit on the hub; null if nothing was sent.</param>
internal sealed record ExportResult(
    long Rows,
    string Schema,
    bool Verbatim,
    long SkippedRows,
    IReadOnlyList<string> Files,
    string Snippet,
    bool Edited,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pushed
)
{
    public static ExportResult Of(ExportSummary summary, string? pushed) =>
        new(
            summary.Rows,
            summary.Schema,
            summary.IsVerbatim,
            summary.SkippedCount,
            summary.FilesWritten,
            summary.Snippet,
            summary.IsEdited,
            pushed
        );
}
