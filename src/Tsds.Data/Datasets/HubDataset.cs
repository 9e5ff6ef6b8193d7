using System.Text.RegularExpressions;

namespace Tsds.Data.Datasets;

/// <summary>
/// A folder in the layout of the Hugging Face hub: files that the front matter of <c>README.md</c> assigns to splits,
/// or whose names contain the split they belong to.
/// </summary>
internal static partial class HubDataset
{
    private static readonly (string Split, string[] Words)[] SplitWords =
    [
        ("train", ["train", "training"]),
        ("validation", ["validation", "valid", "val", "dev"]),
        ("test", ["test", "testing", "eval", "evaluation"]),
    ];

    /// <summary>Returns the files of a split, or null if the folder is not in this layout.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="split">The split, or <c>config/split</c>; null for train or the only one.</param>
    /// <returns>
    /// Paths relative to the folder, with slashes, in ordinal order; null if nothing distinguishes splits.
    /// </returns>
    /// <exception cref="InvalidDataException">The front matter is damaged, or there is no such split.</exception>
    /// <remarks>
    /// Names count only when they give every file of the folder to a split: a folder in which one file happens to be
    /// called test stays a folder of files.
    /// </remarks>
    public static IReadOnlyList<string>? Find(string folder, string? split)
    {
        string readme = Path.Combine(folder, "README.md");
        IReadOnlyList<HubConfig> configs = File.Exists(readme) ? HubReadme.Read(readme) : [];
        return configs.Count > 0 ? FindConfigured(folder, configs, split) : FindNamed(folder, split);
    }

    private static List<string> FindConfigured(string folder, IReadOnlyList<HubConfig> configs, string? split)
    {
        int slash = split?.IndexOf('/') ?? -1;
        string? wanted = slash < 0 ? null : split![..slash];
        HubConfig? config = wanted is null
            ? configs.FirstOrDefault(config => config.IsDefault) ?? (configs.Count == 1 ? configs[0] : null)
            : configs.FirstOrDefault(config => config.Name == wanted);
        if (config is null)
        {
            string names = string.Join(", ", configs.Select(known => known.Name));
            throw new InvalidDataException(
                $"{folder}: expected "
                    + $"{(wanted is null ? "a default configuration" : $"the configuration {wanted}")} in "
                    + $"README.md, found {names}. "
                    + $"Name one of them as {folder}:CONFIG/SPLIT."
            );
        }

        string chosen = DatasetFolder.Choose(
            folder,
            config.Splits.Keys.ToArray(),
            slash < 0 ? split : split![(slash + 1)..]
        );
        List<string> files =
        [
            .. config.Splits[chosen].SelectMany(pattern => Match(folder, pattern)).Distinct(StringComparer.Ordinal),
        ];
        return files.Count > 0
            ? files
            : throw new InvalidDataException(
                $"{folder}: expected files of rows for the split {chosen} "
                    + $"({string.Join(", ", config.Splits[chosen])} in README.md), found none."
            );
    }

    private static IEnumerable<string> Match(string folder, string pattern)
    {
        if (!GlobPattern.HasWildcard(pattern))
        {
            string path = Path.Combine(folder, pattern);
            return Directory.Exists(path)
                    ? FolderFiles
                        .Find(path, isDeep: true, includesHidden: false)
                        .Select(name => $"{pattern.TrimEnd('/')}/{name}")
                : File.Exists(path) ? [pattern]
                : [];
        }

        var glob = new GlobPattern(pattern);
        string root = Path.Combine(folder, glob.Root);
        return Directory.Exists(root)
            ? FolderFiles
                .Find(root, glob.IsDeep, glob.IncludesHidden)
                .Where(glob.IsMatch)
                .Select(name => glob.Root.Length == 0 ? name : $"{glob.Root}/{name}")
            : [];
    }

    private static List<string>? FindNamed(string folder, string? split)
    {
        List<string> files = FolderFiles.Find(folder, isDeep: true, includesHidden: false);
        ILookup<string?, string> splits = files.ToLookup(SplitOf);
        if (files.Count == 0 || splits.Contains(null))
        {
            return null;
        }

        string chosen = DatasetFolder.Choose(folder, [.. splits.Select(group => group.Key!)], split);
        return [.. splits[chosen]];
    }

    // The nearest word decides: test/train-copy.jsonl is of the split train.
    private static string? SplitOf(string path)
    {
        foreach (string part in path.Split('/').Reverse())
        {
            string[] words = [.. Word().Matches(part).Select(match => match.Value.ToLowerInvariant())];
            foreach ((string split, string[] names) in SplitWords)
            {
                if (words.Any(names.Contains))
                {
                    return split;
                }
            }
        }

        return null;
    }

    [GeneratedRegex("[A-Za-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
