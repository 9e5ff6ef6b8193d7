using Tsds.Data.Files;

namespace Tsds.Sources.Push;

/// <summary>A copy on disk of an output folder at an address, which is deleted with it.</summary>
internal sealed class FolderPull : IDisposable
{
    private const string Prefix = "tsds-fetched-";

    private readonly FolderLock? _lock;

    private FolderPull()
    {
        CleanUp();
        Folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = FolderLock.TryTake(Folder, isPassing: true);
    }

    /// <summary>Gets the folder on disk.</summary>
    public string Folder { get; }

    /// <summary>Fetches the files of a folder where it is at an address.</summary>
    /// <param name="path">What was given for the folder, or for the file that says that it is complete.</param>
    /// <param name="names">The files that the folder may consist of, that one last.</param>
    /// <returns>Null for a path on disk.</returns>
    /// <exception cref="FileNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FolderPull? TryOpen(string path, IReadOnlyList<string> names)
    {
        if (!FileSources.IsAddress(path))
        {
            return null;
        }

        string root = path.EndsWith("/" + names[^1], StringComparison.Ordinal) ? path[..^names[^1].Length] : path;
        root = root.TrimEnd('/') + "/";
        RemoteFile[] files = [.. FileSources.List(root).Where(file => names.Contains(file.Address[root.Length..]))];
        if (!files.Any(file => file.Address == root + names[^1]))
        {
            throw new FileNotFoundException(
                $"Expected the folder of a selection at {root}, found no {names[^1]} there."
            );
        }

        FolderPull pull = new();
        try
        {
            foreach (RemoteFile file in files)
            {
                using Stream content = FileSources.OpenRead(file.Address);
                using FileStream copy = File.Create(Path.Combine(pull.Folder, file.Address[root.Length..]));
                content.CopyTo(copy);
            }

            return pull;
        }
        catch
        {
            pull.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Deletes the folders of killed processes: those whose lock nobody holds.</summary>
    private static void CleanUp()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            try
            {
                if (FolderLock.TryTakeOver(folder) is { } taken)
                {
                    taken.Dispose();
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is somebody else's, or another process deletes it.
            }
        }
    }
}
