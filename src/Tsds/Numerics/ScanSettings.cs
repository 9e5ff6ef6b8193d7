namespace Tsds.Numerics;

/// <summary>How a scan runs; nothing here changes its result.</summary>
/// <param name="ThreadCount">Workers, at least 1.</param>
/// <param name="Lane">The registers to use.</param>
/// <param name="Progress">Receives the number of candidates scanned; may be null.</param>
/// <param name="CancellationToken">Checked once per block.</param>
internal sealed record ScanSettings(
    int ThreadCount, LaneKind Lane, IProgress<long>? Progress, CancellationToken CancellationToken);
