using Tsds.Data.Containers;

namespace Tsds.Data.Datasets;

/// <summary>Finds the files of rows in folders, whatever layout they have.</summary>
internal static class FolderFiles
{
    /// <summary>Finds the files of rows in a folder.</summary>
    /// <param name="folder">The folder; empty for the current one.</param>
    /// <param name="isDeep">True if folders below it are searched.</param>
    /// <param name="includesHidden">True if hidden names count.</param>
    /// <returns>
    /// Paths from the folder on, with slashes, so that ordinal order is the same on every platform. A dataset written
    /// by save_to_disk below the folder gives the files that it lists, not what else lies there.
    /// </returns>
    public static List<string> Find(string folder, bool isDeep, bool includesHidden)
    {
        // Nothing is skipped by attribute, and a folder that may not be read is an error: rows must not go missing
        // silently.
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
                    if (RowContainer.IsRowFile(entry.Name))
                    {
                        files.Add(path);
                    }
                }
                else if (isDeep && child.LinkTarget is null)
                {
                    if (SavedDataset.Find(child.FullName, split: null) is { } saved)
                    {
                        files.AddRange(saved.Select(name => $"{path}/{name}"));
                    }
                    else
                    {
                        waiting.Push((child, path + "/"));
                    }
                }
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
