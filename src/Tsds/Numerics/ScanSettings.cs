namespace Tsds.Numerics;

/// <summary>The settings of a scan; none of them changes its result.</summary>
/// <param name="ThreadCount">Workers, at least 1.</param>
/// <param name="Lane">The registers to use.</param>
/// <param name="Precision">The arithmetic of the filter.</param>
/// <param name="Progress">Receives the number of candidates scanned; may be null.</param>
/// <param name="CancellationToken">Checked once per block.</param>
internal sealed record ScanSettings(
    int ThreadCount,
    RegisterKind Lane,
    ScanPrecision Precision,
    IProgress<long>? Progress,
    CancellationToken CancellationToken
)
{
    /// <summary>Gets the use of shortcuts that may save work.</summary>
    public ScanShortcuts Shortcuts { get; init; }
}
