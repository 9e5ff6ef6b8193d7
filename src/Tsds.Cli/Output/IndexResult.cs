using Tsds.Jobs.Index;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds index</c>.</summary>
/// <param name="Output">The folder of the index as the user named it.</param>
/// <param name="PoolRows">The number of candidates.</param>
/// <param name="Dimension">The length of each embedding.</param>
/// <param name="PoolBytes">The size of the pool's files.</param>
/// <param name="IndexBytes">The size of the index.</param>
/// <param name="ElapsedSeconds">The wall time.</param>
/// <param name="PeakMemoryBytes">The peak resident memory.</param>
internal sealed record IndexResult(
    string Output,
    long PoolRows,
    int Dimension,
    long PoolBytes,
    long IndexBytes,
    double ElapsedSeconds,
    long PeakMemoryBytes
)
{
    public static IndexResult Of(IndexSummary summary, string output) =>
        new(
            output,
            summary.PoolRows,
            summary.Dimension,
            summary.PoolBytes,
            summary.IndexBytes,
            JsonEvents.Seconds(summary.Elapsed),
            summary.PeakMemoryBytes
        );
}
