namespace Tsds.Data.Datasets;

/// <summary>
/// Recognizes folders in which the Hugging Face library stores a dataset, and finds the files of a split.
/// </summary>
internal static class DatasetFolder
{
    /// <summary>The split that is read if none is given.</summary>
    public const string DefaultSplit = "train";

    /// <summary>Returns the files of a split, or null if the folder is not a dataset.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="split">The split, <c>config/split</c> where the hub's layout has several configurations, or null
    /// for train or the only one.</param>
    /// <returns>
    /// Paths relative to the folder, with slashes, in order; null if it is a plain folder and no split is asked
    /// for.
    /// </returns>
    /// <exception cref="InvalidDataException">The folder describes a dataset, but wrongly, or without that
    /// split.</exception>
    public static IReadOnlyList<string>? Find(string folder, string? split) =>
        SavedDataset.Find(folder, split)
        ?? HubDataset.Find(folder, split)
        ?? (
            split is null
                ? null
                : throw new InvalidDataException(
                    $"{folder}: expected a dataset with the split {split}, found a folder without splits."
                )
        );

    /// <summary>Returns the split to read, or throws if it does not exist.</summary>
    /// <param name="folder">The folder, for messages.</param>
    /// <param name="splits">The splits that there are.</param>
    /// <param name="split">The one asked for, or null.</param>
    /// <returns>The split.</returns>
    /// <exception cref="InvalidDataException">There is no such split, or none is train and there are
    /// several.</exception>
    public static string Choose(string folder, IReadOnlyCollection<string> splits, string? split)
    {
        string wanted = split ?? (splits.Count == 1 ? splits.First() : DefaultSplit);
        return splits.Contains(wanted)
            ? wanted
            : throw new InvalidDataException(
                $"{folder}: expected the split {wanted}, found "
                    + $"{(splits.Count == 0 ? "none" : string.Join(", ", splits))}. Name one of them as "
                    + $"{folder}:SPLIT."
            );
    }
}
