using Tsds.Data.Rows;

namespace Tsds.Jobs.Embed;

/// <summary>The result of embedding a pool, for the user.</summary>
/// <param name="Rows">The rows of the pool, each with a vector in the store.</param>
/// <param name="EmbeddedRows">Those that were embedded in this run; the others were known.</param>
/// <param name="SkippedRows">Rows left out under <see cref="BadRowPolicy.Skip"/>.</param>
/// <param name="Dimension">The length of each vector.</param>
/// <param name="Embedder">The embedder's identity.</param>
/// <param name="StoreBytes">The size of the vector files.</param>
/// <param name="Elapsed">The wall time.</param>
/// <param name="PeakMemoryBytes">The peak resident memory of the process.</param>
internal sealed record EmbedSummary(
    long Rows,
    long EmbeddedRows,
    long SkippedRows,
    int Dimension,
    string Embedder,
    long StoreBytes,
    TimeSpan Elapsed,
    long PeakMemoryBytes
);
