namespace Tsds.Sources;

/// <summary>A file at an address of which content is kept on disk.</summary>
/// <param name="Address">The address.</param>
/// <param name="Version">Its revision or ETag; null if its server has none.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="BytesOnDisk">How much of it is kept.</param>
/// <param name="LastUsed">When a run used it last, UTC.</param>
internal sealed record KeptFile(string Address, string? Version, long Bytes, long BytesOnDisk, DateTime LastUsed);
