using Tsds.Jobs.Embed;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds embed</c>.</summary>
/// <param name="Output">The folder of the store as the user named it.</param>
/// <param name="Rows">The rows with a vector.</param>
/// <param name="EmbeddedRows">Those that were embedded in this run.</param>
/// <param name="SkippedRows">The rows that could not be used.</param>
/// <param name="Dimension">The length of each vector.</param>
/// <param name="Embedder">The identity of the embedder.</param>
/// <param name="StoreBytes">The size of the vector files.</param>
/// <param name="ElapsedSeconds">The wall time.</param>
/// <param name="PeakMemoryBytes">The peak resident memory.</param>
internal sealed record EmbedResult(
    string Output,
    long Rows,
    long EmbeddedRows,
    long SkippedRows,
    int Dimension,
    string Embedder,
    long StoreBytes,
    double ElapsedSeconds,
    long PeakMemoryBytes
)
{
    public static EmbedResult Of(EmbedSummary summary, string output) =>
        new(
            output,
            summary.Rows,
            summary.EmbeddedRows,
            summary.SkippedRows,
            summary.Dimension,
            summary.Embedder,
            summary.StoreBytes,
            JsonEvents.Seconds(summary.Elapsed),
            summary.PeakMemoryBytes
        );
}
