namespace Tsds.Packaging;

/// <summary>One file of an archive or a wheel.</summary>
/// <param name="Path">The path inside it, with slashes.</param>
/// <param name="Source">The file on disk, or null if there is text.</param>
/// <param name="Text">The content of a file that the build writes.</param>
internal sealed record PackedFile(string Path, string? Source, string? Text = null)
{
    /// <summary>Gets a value indicating whether the file is a program.</summary>
    public bool IsProgram { get; init; }

    /// <summary>Gets the path that a symbolic link leads to, or null for a file.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Opens the content.</summary>
    public Stream Open() =>
        Source is null ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Text ?? "")) : File.OpenRead(Source);
}
