namespace Tsds.Data.Files;

/// <summary>A file at an address of which the cache keeps content.</summary>
/// <param name="Address">The address.</param>
/// <param name="Version">Its revision or ETag; null if its source has none.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="BytesOnDisk">How much of it is there.</param>
/// <param name="LastUsed">When a run used it last, UTC.</param>
internal sealed record FileCacheRecord(
    string Address,
    string? Version,
    long Bytes,
    long BytesOnDisk,
    DateTime LastUsed
);
