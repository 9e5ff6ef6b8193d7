using Tsds.Data.Files;

namespace Tsds.Sources.Push;

/// <summary>A copy on disk of an output folder at an address, which is deleted with it.</summary>
internal sealed class FolderPull : IDisposable
{
    private const string Prefix = "tsds-fetched-";

    private readonly ScratchFolder _scratch;

    private FolderPull()
    {
        ScratchFolder.DeleteAbandoned(Path.GetTempPath(), Prefix);
        _scratch = ScratchFolder.Create(Path.GetTempPath(), Prefix, isPrivate: true);
    }

    /// <summary>Gets the folder on disk.</summary>
    public string Folder => _scratch.Path;

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
    public void Dispose() => _scratch.Dispose();
}
