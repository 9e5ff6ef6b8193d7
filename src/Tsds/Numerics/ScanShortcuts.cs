namespace Tsds.Numerics;

/// <summary>
/// Whether a scan uses what only saves work: short views before the embeddings, and a pilot for its limits.
/// </summary>
internal enum ScanShortcuts
{
    /// <summary>Where they are likely to pay, and as long as they do.</summary>
    Automatic,

    /// <summary>Always, for tests.</summary>
    Always,

    /// <summary>Never, for measurements.</summary>
    Never,
}
