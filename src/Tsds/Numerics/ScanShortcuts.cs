namespace Tsds.Numerics;

/// <summary>
/// The use of shortcuts that only save work: short views before the embeddings, and a pilot for the limits.
/// </summary>
internal enum ScanShortcuts
{
    /// <summary>Shortcuts are used where they are likely to pay, for as long as they do.</summary>
    Automatic,

    /// <summary>Shortcuts are always used, for tests.</summary>
    Always,

    /// <summary>Shortcuts are never used, for measurements.</summary>
    Never,
}
