using Tsds.Data.Containers;
using Tsds.Data.Datasets;
using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>Resolves files, folders, datasets and globs to files.</summary>
internal static class RowFiles
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = RowContainer.StandardInput;

    /// <summary>Resolves files, folders, datasets and globs to an ordered list of files.</summary>
    /// <param name="patterns">Each an existing file; a dataset folder of Hugging Face's, in the layout of the hub or of
    /// save_to_disk, for its split train or its only one, or with <c>:SPLIT</c> behind it for another; any other
    /// folder, for all files of rows in it and below; <c>-</c> for standard input; or a glob with <c>*</c>, <c>?</c>,
    /// <c>[a-c]</c> and <c>**</c> (any number of folders). What exists is meant literally, whatever characters its name
    /// has. An address, such as <c>hf://datasets/ORG/NAME</c>, is read alike: a file, a folder, a dataset or a
    /// glob.</param>
    /// <returns>
    /// The files in the order of the patterns, within a pattern in ordinal order of their paths, each file once. Paths
    /// are relative where the pattern was.
    /// </returns>
    /// <remarks>
    /// Hidden files and folders, those whose name begins with a dot, are left out unless the pattern writes the dot.
    /// Links to files are followed, links to folders below a folder are not: they may lead in circles. Folders and
    /// globs pass over files of other kinds, such as a README, and over those that are known as files about a dataset,
    /// such as dataset_info.json.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no pattern, or one is empty.</exception>
    /// <exception cref="FileNotFoundException">A pattern names nothing that exists.</exception>
    /// <exception cref="InvalidDataException">Neither name nor content of a file say that it has rows, a folder has no
    /// such file, or a dataset has no such split.</exception>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        if (patterns.Count == 0)
        {
            throw new ArgumentException("Expected at least one file, folder or glob, found none.", nameof(patterns));
        }

        var files = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (string pattern in patterns)
        {
            if (string.IsNullOrEmpty(pattern))
            {
                throw new ArgumentException(
                    "Expected a file, a folder or a glob, found an empty name.",
                    nameof(patterns)
                );
            }

            files.AddRange(ResolveOne(pattern).Where(file => known.Add(KeyOf(file))));
        }

        return files;
    }

    /// <summary>Turns files, folders, datasets and globs below a folder into an ordered list of files.</summary>
    /// <param name="patterns">Each as <see cref="Resolve(IReadOnlyList{string})"/> reads it.</param>
    /// <param name="root">The folder from which relative patterns start, or null for the current one.</param>
    /// <returns>The files as they would be called in that folder.</returns>
    internal static IReadOnlyList<string> Resolve(IReadOnlyList<string> patterns, string? root)
    {
        if (root is null)
        {
            return Resolve(patterns);
        }

        var files = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (string pattern in patterns)
        {
            string located = pattern == StandardInput ? pattern : FileSources.Locate(root, pattern);
            int start = located.Length - pattern.Length;
            files.AddRange(ResolveOne(located).Where(file => known.Add(KeyOf(file))).Select(file => file[start..]));
        }

        return files;
    }

    private static string KeyOf(string file) => FileSources.IsAddress(file) ? file : Path.GetFullPath(file);

    private static IReadOnlyList<string> ResolveOne(string pattern)
    {
        if (pattern == StandardInput)
        {
            return [pattern];
        }

        if (FileSources.IsAddress(pattern))
        {
            return RemoteDataset.Resolve(pattern);
        }

        if (File.Exists(pattern))
        {
            if (!RowContainer.IsRowFile(pattern))
            {
                RowContainer.Detect(pattern, pattern);
            }

            return [pattern];
        }

        if (Directory.Exists(pattern))
        {
            return ResolveFolder(pattern, split: null);
        }

        // The last colon may set off a split, once it is clear that it is not part of a name.
        int colon = pattern.LastIndexOf(':');
        if (colon > 0 && Directory.Exists(pattern[..colon]))
        {
            return ResolveFolder(pattern[..colon], pattern[(colon + 1)..]);
        }

        if (!GlobPattern.HasWildcard(pattern))
        {
            PathAccess.Require(pattern);
            throw new FileNotFoundException(
                $"{pattern}: expected a file, a folder or a glob, found nothing of that name.",
                pattern
            );
        }

        var glob = new GlobPattern(pattern);
        List<string> names = Directory.Exists(glob.Root.Length == 0 ? "." : glob.Root)
            ? FolderFiles.Find(glob.Root, glob.IsDeep, glob.IncludesHidden)
            : [];
        names.RemoveAll(name => !glob.IsMatch(name));
        return names.Count > 0
            ? [.. names.Select(name => Path.Combine(glob.Root, name))]
            : throw new FileNotFoundException(
                $"{pattern}: expected files of rows that match the glob ({RowContainer.Endings}), found none.",
                pattern
            );
    }

    private static IReadOnlyList<string> ResolveFolder(string folder, string? split)
    {
        IReadOnlyList<string> found =
            DatasetFolder.Find(folder, split) ?? FolderFiles.Find(folder, isDeep: true, includesHidden: false);
        return found.Count > 0
            ? [.. found.Select(name => Path.Combine(folder, name))]
            : throw new InvalidDataException(
                $"{folder}: expected a folder with files of rows ({RowContainer.Endings}), found none."
            );
    }
}
