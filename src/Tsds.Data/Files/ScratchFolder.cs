namespace Tsds.Data.Files;

/// <summary>
/// A folder that belongs to this process and is deleted at its end. It holds a lock, by which another process can tell
/// that its owner was killed, and delete it.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FolderLock _lock;

    private ScratchFolder(string path, FolderLock folderLock)
    {
        Path = path;
        _lock = folderLock;
    }

    /// <summary>Gets the path of the folder.</summary>
    public string Path { get; }

    /// <summary>Creates a folder with a name of its own and locks it.</summary>
    /// <param name="parent">The folder to create it in, which exists.</param>
    /// <param name="prefix">The beginning of its name.</param>
    /// <param name="isPrivate">True if nobody else may read what is in it.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static ScratchFolder Create(string parent, string prefix, bool isPrivate = false)
    {
        while (true)
        {
            string path = NewPath(parent, prefix);
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path, OwnerOnly);
            }
            else
            {
                Directory.CreateDirectory(path);
            }

            try
            {
                if (FolderLock.TryTake(path, isPassing: true) is { } taken)
                {
                    return new ScratchFolder(path, taken);
                }
            }
            catch (DirectoryNotFoundException) when (Directory.Exists(parent))
            {
                // Another process took the folder, which was still empty, for one that a killed process left.
            }
        }
    }

    /// <summary>Deletes the folders of killed processes: those whose lock nobody holds.</summary>
    /// <param name="parent">The folder in which they lie.</param>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="restore">Called with the path of each, before it is deleted; may be null.</param>
    public static void DeleteAbandoned(string parent, string prefix, Action<string>? restore = null)
    {
        string[] found =
        [
            .. Directory
                .EnumerateDirectories(parent)
                .Where(folder =>
                    System.IO.Path.GetFileName(folder) is var name
                    && name.StartsWith(prefix, StringComparison.Ordinal)
                    && name.Skip(prefix.Length).All(char.IsAsciiHexDigitLower)
                ),
        ];
        foreach (string folder in found)
        {
            try
            {
                if (FolderLock.TryTakeOver(folder) is { } taken)
                {
                    restore?.Invoke(folder);
                    Delete(folder, taken);
                }
                else if (!Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    // Its process was killed before it had the lock, or after it had released it.
                    Directory.Delete(folder);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It belongs to another process, which deletes it.
            }
        }
    }

    /// <summary>Returns the path of a folder that does not exist, with a name that no other process chooses.</summary>
    /// <param name="parent">The folder above it.</param>
    /// <param name="prefix">The beginning of its name.</param>
    public static string NewPath(string parent, string prefix) =>
        System.IO.Path.Combine(parent, $"{prefix}{Guid.NewGuid():N}");

    /// <summary>Deletes the folder and what is in it.</summary>
    public void Dispose() => Delete(Path, _lock);

    /// <summary>Deletes a folder, the lock last: as long as there is anything in it, it has an owner.</summary>
    private static void Delete(string path, FolderLock folderLock)
    {
        foreach (string folder in Directory.GetDirectories(path))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (
            string file in Directory
                .GetFiles(path)
                .Where(file => System.IO.Path.GetFileName(file) != FolderLock.FileName)
        )
        {
            File.Delete(file);
        }

        folderLock.Dispose();
        Directory.Delete(path, recursive: true);
    }
}
