using System.Text;

namespace Tsds.Data.Files;

/// <summary>
/// Writes files whole or not at all: under another name in the same folder, then renamed in one step.
/// </summary>
/// <remarks>
/// A write that fails removes what it wrote. A process that is killed leaves a file that <see cref="IsLeftover"/>
/// recognizes and that is never read.
/// </remarks>
internal static class AtomicFile
{
    private const string Suffix = ".partial";

    /// <summary>Writes a file, replacing one of that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content; the stream can be read and sought too.</param>
    public static void Write(string path, Action<FileStream> write) =>
        Create(
            path,
            partial =>
            {
                using FileStream stream = new(
                    partial,
                    FileMode.CreateNew,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1 << 16
                );
                write(stream);
            }
        );

    /// <summary>Writes a text as UTF-8 without a byte order mark, replacing a file of that name.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text)));

    /// <summary>Creates a file by a writer that wants a path of its own, replacing a file of that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Creates and closes the file whose path it receives; nothing is replaced when it
    /// throws.</param>
    public static void Create(string path, Action<string> create)
    {
        string partial = Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            $".{Path.GetFileName(path)}.{Guid.NewGuid():N}{Suffix}"
        );
        try
        {
            create(partial);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            Remove(partial);
            throw;
        }
    }

    /// <summary>Determines whether a file of this name is what a killed process left of an unfinished file.</summary>
    /// <remarks>The file of a process that is still writing has such a name too.</remarks>
    public static bool IsLeftover(string name) =>
        name.StartsWith('.') && name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>
    /// Deletes what killed processes left in a folder; the caller ensures that no process is writing there.
    /// </summary>
    public static void DeleteLeftovers(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, $".*{Suffix}"))
        {
            File.Delete(path);
        }
    }

    private static void Remove(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The error that made the write fail says more than this one.
        }
    }
}
