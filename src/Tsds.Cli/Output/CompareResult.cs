using Tsds.Jobs.Compare;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds compare</c>.</summary>
/// <param name="Output">The folder of the comparison as the user named it.</param>
/// <param name="PoolRows">The candidates.</param>
/// <param name="TargetRows">The targets.</param>
/// <param name="TargetGroups">The groups that they belong to.</param>
/// <param name="Folds">How often some targets guided while others judged.</param>
/// <param name="SkippedRows">The rows that could not be used.</param>
/// <param name="Budget">The rows that each method chose.</param>
/// <param name="Bandwidth">The distance within which two rows counted as copies.</param>
/// <param name="Methods">The methods.</param>
/// <param name="LeftOut">The methods that took no part.</param>
/// <param name="KnownMethods">The methods that an earlier run had finished.</param>
/// <param name="Embedding">How many rows were embedded, in a few words; null for ready-made embeddings.</param>
/// <param name="FilesWritten">The files written.</param>
/// <param name="ElapsedSeconds">The wall time.</param>
/// <param name="EstimatedMemoryBytes">The estimate of memory.</param>
/// <param name="PeakMemoryBytes">The peak resident memory.</param>
internal sealed record CompareResult(
    string Output,
    long PoolRows,
    int TargetRows,
    int TargetGroups,
    int Folds,
    long SkippedRows,
    long Budget,
    double Bandwidth,
    IReadOnlyList<MethodEvent> Methods,
    IReadOnlyList<LeftOutMethod> LeftOut,
    int KnownMethods,
    string? Embedding,
    IReadOnlyList<string> FilesWritten,
    double ElapsedSeconds,
    long EstimatedMemoryBytes,
    long PeakMemoryBytes
)
{
    public static CompareResult Of(CompareSummary summary, string output) =>
        new(
            output,
            summary.PoolRows,
            summary.TargetRows,
            summary.TargetGroups,
            summary.Folds,
            summary.SkippedRows,
            summary.Budget,
            summary.Bandwidth,
            [.. summary.Methods.Select(MethodEvent.Of)],
            summary.LeftOut,
            summary.KnownMethods,
            summary.Embedding,
            summary.FilesWritten,
            JsonEvents.Seconds(summary.Elapsed),
            summary.EstimatedMemoryBytes,
            summary.PeakMemoryBytes
        );
}
