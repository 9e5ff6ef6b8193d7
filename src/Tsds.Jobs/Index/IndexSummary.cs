namespace Tsds.Jobs.Index;

/// <summary>The result of building an index, for the user.</summary>
/// <param name="PoolRows">The number of candidates.</param>
/// <param name="Dimension">The length of each embedding.</param>
/// <param name="PoolBytes">The size of the pool's files.</param>
/// <param name="IndexBytes">The size of the index on disk.</param>
/// <param name="Elapsed">The wall time.</param>
/// <param name="PeakMemoryBytes">The peak resident memory of the process, mapped pages included.</param>
public sealed record IndexSummary(
    long PoolRows,
    int Dimension,
    long PoolBytes,
    long IndexBytes,
    TimeSpan Elapsed,
    long PeakMemoryBytes
);
