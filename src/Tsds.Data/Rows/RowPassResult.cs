namespace Tsds.Data.Rows;

/// <summary>The properties of all files that a complete pass determined.</summary>
/// <param name="Files">One entry per file, in their order.</param>
/// <param name="SkippedRows">The first rows left out.</param>
/// <param name="SkippedPositions">The positions of all rows left out, from 0 over all files, those left out counted
/// too; ascending.</param>
/// <param name="RowCount">The number of rows kept.</param>
internal sealed record RowPassResult(
    IReadOnlyList<RowFileState> Files,
    IReadOnlyList<SkippedRow> SkippedRows,
    IReadOnlyList<long> SkippedPositions,
    long RowCount
);
