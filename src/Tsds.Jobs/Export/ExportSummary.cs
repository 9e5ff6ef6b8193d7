namespace Tsds.Jobs.Export;

/// <summary>The result of an export.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="Schema">The schema of the written rows.</param>
/// <param name="IsVerbatim">True if they are the selected rows byte for byte.</param>
/// <param name="SkippedRows">The rows left out, with the line of the selection and the reason; of more than 1,000 the
/// first 1,000.</param>
/// <param name="SkippedCount">How many were left out.</param>
/// <param name="FilesWritten">The files, the one to look at last.</param>
/// <param name="Snippet">What the trainer's configuration needs.</param>
internal sealed record ExportSummary(
    long Rows,
    string Schema,
    bool IsVerbatim,
    IReadOnlyList<RowProblem> SkippedRows,
    long SkippedCount,
    IReadOnlyList<string> FilesWritten,
    string Snippet
)
{
    /// <summary>Gets a value indicating whether the rows were changed after they were selected.</summary>
    public bool IsEdited { get; init; }
}
