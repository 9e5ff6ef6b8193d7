namespace Tsds.Data.Files;

/// <summary>A source that did not do what was asked of it.</summary>
/// <param name="message">What was found.</param>
/// <param name="cause">What was thrown by those who asked, or null.</param>
internal sealed class SourceException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>Gets a value indicating whether the same may succeed later.</summary>
    public bool IsPassing { get; init; }

    /// <summary>Gets the time after which the source asks to be asked again; null if it does not say.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>
    /// Gets a value indicating whether something was read before, so that the next try has less to do.
    /// </summary>
    public bool HasProgressed { get; init; }

    /// <summary>Creates the exception for a file that is another one than was listed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="found">What is there now.</param>
    public static SourceException Changed(RemoteFile file, string found) =>
        new(
            $"{file.Address}: expected the file that was listed ({Describe(file.Version, file.Bytes)}), found another "
                + $"one ({found}): it changed during the run. Run again once it is complete."
        );

    /// <summary>Describes a version of a file.</summary>
    /// <param name="version">Its revision or ETag, or null.</param>
    /// <param name="bytes">Its size.</param>
    public static string Describe(string? version, long bytes) =>
        version is null ? $"{bytes} bytes" : $"{version}, {bytes} bytes";
}
