using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds inspect</c>.</summary>
/// <param name="Files">The number of files.</param>
/// <param name="Rows">The rows that can be used.</param>
/// <param name="Bytes">The size of the files.</param>
/// <param name="Characters">The characters of all texts.</param>
/// <param name="Tokens">The estimate of their tokens.</param>
/// <param name="DuplicateRows">The rows whose text was there before.</param>
/// <param name="DuplicateRowsExact">True if that is a count and no estimate.</param>
/// <param name="PlannedMemoryBytes">The estimate of the memory of a selection.</param>
/// <param name="PlannedSeconds">The estimate of the time to read and embed.</param>
/// <param name="ElapsedSeconds">The wall time.</param>
/// <param name="PeakMemoryBytes">The peak resident memory.</param>
internal sealed record InspectResult(
    int Files,
    long Rows,
    long Bytes,
    long Characters,
    long Tokens,
    long DuplicateRows,
    bool DuplicateRowsExact,
    long PlannedMemoryBytes,
    double PlannedSeconds,
    double ElapsedSeconds,
    long PeakMemoryBytes
)
{
    public static InspectResult Of(InspectReport report) =>
        new(
            report.Files.Count,
            report.Rows,
            report.Bytes,
            report.Characters,
            report.Tokens,
            report.DuplicateRows,
            report.IsDuplicateCountExact,
            report.PlannedMemoryBytes,
            Math.Round(report.PlannedTime.TotalSeconds, 1),
            JsonEvents.Seconds(report.Elapsed),
            report.PeakMemoryBytes
        );
}
