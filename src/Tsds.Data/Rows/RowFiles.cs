namespace Tsds.Data.Rows;

/// <summary>Finds the files that a user means.</summary>
public static class RowFiles
{
    /// <summary>Turns files, folders and globs into an ordered list of files.</summary>
    /// <param name="patterns">Each an existing file; a folder, for all .jsonl, .jsonl.gz and .jsonl.zst files in it and below; or a
    /// glob with <c>*</c>, <c>?</c>, <c>[a-c]</c> and <c>**</c> (any number of folders). An existing file or folder is meant
    /// literally, whatever characters its name has.</param>
    /// <returns>The files in the order of the patterns, within a pattern in ordinal order of their paths, each file once. Paths are
    /// relative where the pattern was.</returns>
    /// <remarks>Hidden files and folders, those whose name begins with a dot, are left out unless the pattern writes the dot. Links
    /// to files are followed, links to folders below a folder are not: they may lead in circles. A glob passes over files of other
    /// kinds, such as a README.</remarks>
    /// <exception cref="ArgumentException">There is no pattern, or one is empty.</exception>
    /// <exception cref="FileNotFoundException">A pattern names nothing that exists.</exception>
    /// <exception cref="InvalidDataException">A file's name does not end as a file of rows, or a folder has no such file.</exception>
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
            ArgumentException.ThrowIfNullOrEmpty(pattern, nameof(patterns));
            files.AddRange(ResolveOne(pattern).Where(file => known.Add(Path.GetFullPath(file))));
        }

        return files;
    }

    private static IReadOnlyList<string> ResolveOne(string pattern)
    {
        if (File.Exists(pattern))
        {
            return RowContainer.Of(pattern) is not null
                ? [pattern]
                : throw new InvalidDataException($"{pattern}: expected a name that ends in .jsonl, .jsonl.gz or .jsonl.zst.");
        }

        if (Directory.Exists(pattern))
        {
            List<string> found = Collect(pattern, isDeep: true, includesHidden: false);
            return found.Count > 0
                ? [.. found.Select(name => Path.Combine(pattern, name))]
                : throw new InvalidDataException($"{pattern}: expected a folder with .jsonl, .jsonl.gz or .jsonl.zst files, found none.");
        }

        if (!GlobPattern.HasWildcard(pattern))
        {
            throw new FileNotFoundException($"{pattern}: expected a file, a folder or a glob, found nothing of that name.", pattern);
        }

        var glob = new GlobPattern(pattern);
        List<string> names = Directory.Exists(glob.Root.Length == 0 ? "." : glob.Root)
            ? Collect(glob.Root, glob.IsDeep, glob.IncludesHidden)
            : [];
        names.RemoveAll(name => !glob.IsMatch(name));
        return names.Count > 0
            ? [.. names.Select(name => Path.Combine(glob.Root, name))]
            : throw new FileNotFoundException(
                $"{pattern}: expected .jsonl, .jsonl.gz or .jsonl.zst files that match the glob, found none.", pattern);
    }

    // Returns paths from the folder on, with slashes: ordinal order is then the same on every platform.
    private static List<string> Collect(string folder, bool isDeep, bool includesHidden)
    {
        // Nothing is skipped by attribute, and a folder that may not be read is an error: rows must not go missing silently.
        var everything = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        var files = new List<string>();
        var waiting = new Stack<(DirectoryInfo Folder, string Prefix)>();
        waiting.Push((new DirectoryInfo(folder.Length == 0 ? "." : folder), string.Empty));
        while (waiting.TryPop(out (DirectoryInfo Folder, string Prefix) next))
        {
            foreach (FileSystemInfo entry in next.Folder.EnumerateFileSystemInfos("*", everything))
            {
                if (entry.Name.StartsWith('.') && !includesHidden)
                {
                    continue;
                }

                string path = next.Prefix + entry.Name;
                if (entry is not DirectoryInfo child)
                {
                    if (RowContainer.Of(entry.Name) is not null)
                    {
                        files.Add(path);
                    }
                }
                else if (isDeep && child.LinkTarget is null)
                {
                    waiting.Push((child, path + "/"));
                }
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
