using Tsds.Data.Containers;
using Tsds.Data.Files;

namespace Tsds.Data.Datasets;

/// <summary>Resolves an address to files: a file, a folder, a dataset or a glob, as paths on disk are.</summary>
internal static class RemoteDataset
{
    private const long LargestDescription = 16 << 20;

    // The files by which the layouts of datasets are told; the others need only be there.
    private static readonly string[] Descriptions = ["README.md", "dataset_dict.json", "state.json"];

    /// <summary>Resolves an address.</summary>
    /// <param name="address">The address; a folder may have a split behind it, as in <c>FOLDER:SPLIT</c>.</param>
    /// <returns>The addresses of the files, in ordinal order within each folder.</returns>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    /// <exception cref="InvalidDataException">There are no rows, or a dataset has no such split.</exception>
    public static IReadOnlyList<string> Resolve(string address)
    {
        string root = FileSources.RootOf(address);
        if (!address.StartsWith(root, StringComparison.Ordinal))
        {
            // All of a dataset or bucket, perhaps with a split behind it.
            return Found(address, TryResolveFolder(root, address.Length < root.Length ? null : address[root.Length..]));
        }

        string path = address[root.Length..];
        if (GlobPattern.HasWildcard(path))
        {
            return ResolveGlob(address, root, path);
        }

        if (!address.EndsWith('/') && FileSources.Find(address) is { } file)
        {
            return [file.Address];
        }

        int colon = path.LastIndexOf(':');
        return Found(
            address,
            TryResolveFolder(address, split: null)
                ?? (colon < 0 ? null : TryResolveFolder(root + path[..colon], path[(colon + 1)..]))
        );
    }

    private static IReadOnlyList<string> Found(string address, IReadOnlyList<string>? files) =>
        files
        ?? throw new FileNotFoundException(
            $"{address}: expected a file, a folder or a glob, found nothing at that address.",
            address
        );

    /// <summary>Returns the addresses that match a glob, whatever kind of file they are.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IReadOnlyList<string> Match(string address)
    {
        string root = FileSources.RootOf(address);
        return address.StartsWith(root, StringComparison.Ordinal) && GlobPattern.HasWildcard(address[root.Length..])
            ? Match(address, root, address[root.Length..], static _ => true)
            : [address];
    }

    private static string[] ResolveGlob(string address, string root, string path) =>
        Match(address, root, path, RowContainer.IsRowFile);

    private static string[] Match(string address, string root, string path, Func<string, bool> isWanted)
    {
        var glob = new GlobPattern(path);
        string folder = glob.Root.Length == 0 ? root : $"{root}{glob.Root}/";
        string[] found =
        [
            .. FileSources
                .List(folder)
                .Select(file => file.Address)
                .Where(file => glob.IsMatch(file[folder.Length..]) && isWanted(file))
                .Where(file => glob.IncludesHidden || !IsHidden(file[folder.Length..])),
        ];
        return found.Length > 0
            ? found
            : throw new FileNotFoundException($"{address}: expected files that match the glob, found none.", address);
    }

    private static bool IsHidden(string path) => path.StartsWith('.') || path.Contains("/.", StringComparison.Ordinal);

    /// <summary>
    /// Finds the files of a folder by a picture of it on disk: the files that describe a dataset, and the names of the
    /// others. So every layout that is read on disk is read at an address.
    /// </summary>
    private static IReadOnlyList<string>? TryResolveFolder(string address, string? split)
    {
        string folder = address.EndsWith('/') ? address : address + "/";
        IReadOnlyList<RemoteFile> files = FileSources.List(folder);
        if (files.Count == 0)
        {
            return null;
        }

        string picture = Directory.CreateTempSubdirectory("tsds-").FullName;
        try
        {
            foreach (RemoteFile file in files)
            {
                Draw(file, Path.GetFullPath(Path.Combine(picture, file.Address[folder.Length..])), picture);
            }

            IReadOnlyList<string> found =
                DatasetFolder.Find(picture, split) ?? FolderFiles.Find(picture, isDeep: true, includesHidden: false);
            return found.Count > 0
                ? [.. found.Select(name => folder + name)]
                : throw new InvalidDataException(
                    $"{address}: expected a folder with files of rows ({RowContainer.Endings}), found none."
                );
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(
                exception.Message.Replace(picture, folder.TrimEnd('/'), StringComparison.Ordinal),
                exception
            );
        }
        finally
        {
            Directory.Delete(picture, recursive: true);
        }
    }

    private static void Draw(RemoteFile file, string path, string picture)
    {
        if (!path.StartsWith(picture + Path.DirectorySeparatorChar, StringComparison.Ordinal) || path.EndsWith('/'))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream drawn = new(path, FileMode.Create);
        if (Descriptions.Contains(Path.GetFileName(path)) && file.Bytes <= LargestDescription)
        {
            using Stream content = FileSources.OpenRead(file.Address);
            content.CopyTo(drawn);
        }
    }
}
