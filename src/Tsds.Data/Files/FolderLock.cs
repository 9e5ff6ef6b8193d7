namespace Tsds.Data.Files;

/// <summary>
/// The right to write to a folder alone, or to share it with others who have the same right, until it is disposed.
/// </summary>
/// <remarks>
/// It is a lock on a file <see cref="FileName"/> in the folder. The system releases it when its process ends, however
/// that ends: a file without a lock was left by a process that was killed.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The name of the file.</summary>
    public const string FileName = ".lock";

    private static readonly TimeSpan SharePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SharePause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private FolderLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>
    /// Locks the folder exclusively for this process, or returns null if another process holds the lock.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="isPassing">True if the file is deleted when the lock is released.</param>
    /// <returns>The lock, or null while another process holds it.</returns>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static FolderLock? TryTake(string folder, bool isPassing = false) =>
        TryOpen(
            folder,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None,
            isPassing ? FileOptions.DeleteOnClose : FileOptions.None
        );

    /// <summary>Locks a folder whose process was killed, or returns null if that process is alive.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The lock, or null if the process lives or has released its lock.</returns>
    public static FolderLock? TryTakeOver(string folder)
    {
        try
        {
            FolderLock? taken = TryOpen(
                folder,
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.None,
                FileOptions.DeleteOnClose
            );

            // Its owner may have deleted the file between our opening and our locking it.
            if (taken is not null && !File.Exists(taken._file.Name))
            {
                taken.Dispose();
                return null;
            }

            return taken;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Locks the folder for shared use; waits while another process holds it exclusively, which is short.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="IOException">The file cannot be created or read, or is locked for half a minute.</exception>
    public static FolderLock Share(string folder)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FolderLock(
                    new FileStream(
                        Path.Combine(folder, FileName),
                        FileMode.OpenOrCreate,
                        FileAccess.Read,
                        FileShare.Read
                    )
                );
            }
            catch (IOException)
                when (Directory.Exists(folder) && Environment.TickCount64 - start < SharePatience.TotalMilliseconds)
            {
                Thread.Sleep(SharePause);
            }
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static FolderLock? TryOpen(
        string folder,
        FileMode mode,
        FileAccess access,
        FileShare share,
        FileOptions options
    )
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return new FolderLock(new FileStream(path, mode, access, share, bufferSize: 1, options));
        }
        catch (IOException exception)
            when (exception is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path))
        {
            return null;
        }
    }
}
