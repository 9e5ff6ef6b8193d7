namespace Tsds.Packaging;

/// <summary>One file of a package, as it was read back from there.</summary>
/// <param name="Path">The path inside the package, with slashes.</param>
/// <param name="IsProgram">Whether everybody may run it.</param>
/// <param name="LinkTarget">The path that a symbolic link leads to, or null for a file.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Hash">The SHA-256 of the content.</param>
/// <param name="Start">The first bytes of the content, <see cref="PackageReader.StartBytes"/> at most.</param>
internal sealed record PackageEntry(
    string Path,
    bool IsProgram,
    string? LinkTarget,
    long Length,
    byte[] Hash,
    byte[] Start
)
{
    /// <summary>Gets the last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
