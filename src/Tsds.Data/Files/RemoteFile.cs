namespace Tsds.Data.Files;

/// <summary>A file at an address, as it was when it was listed.</summary>
internal sealed record RemoteFile
{
    /// <summary>Gets the address, as a user would write it.</summary>
    public required string Address { get; init; }

    /// <summary>Gets the place at which its source finds it: a URL, or a key.</summary>
    public required string Location { get; init; }

    /// <summary>Gets the size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the revision or ETag, which changes when the content does; null if the source has none.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// Gets the name of the content, where it is known by more than the version; null for the version.
    /// </summary>
    public string? ContentId { get; init; }

    /// <summary>
    /// Gets the SHA-256 of the content in lower-case hexadecimal, where the source knows it; else null.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the path of a copy on disk, which its source keeps; null if the file is read in parts.</summary>
    public string? LocalPath { get; init; }

    /// <summary>Gets a value indicating whether parts of the file can be asked for.</summary>
    public bool HasRanges { get; init; } = true;
}
