using System.Text.Json;

namespace Tsds.Data.Datasets;

/// <summary>
/// A folder written by <c>save_to_disk</c>: one dataset with <c>state.json</c>, or one such folder for each split that
/// <c>dataset_dict.json</c> names.
/// </summary>
internal static class SavedDataset
{
    private const string SplitList = "dataset_dict.json";
    private const string State = "state.json";
    private const int MaxBytes = 16 << 20;

    /// <summary>Returns the files of a split, or null if the folder is not in this layout.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="split">The split, or null for train or the only one.</param>
    /// <returns>
    /// Paths relative to the folder, in the order of their rows; null if nothing shows that it was written by
    /// save_to_disk.
    /// </returns>
    /// <exception cref="InvalidDataException">A file about the dataset is damaged, or does not name files of
    /// it.</exception>
    public static IReadOnlyList<string>? Find(string folder, string? split)
    {
        string list = Path.Combine(folder, SplitList);
        if (File.Exists(list))
        {
            string chosen = DatasetFolder.Choose(folder, ReadNames(list, "splits", name: null), split);
            return [.. FindFiles(Path.Combine(folder, chosen)).Select(name => $"{chosen}/{name}")];
        }

        if (!File.Exists(Path.Combine(folder, State)))
        {
            return null;
        }

        return split is null
            ? FindFiles(folder)
            : throw new InvalidDataException(
                $"{folder}: expected a dataset with splits ({SplitList}), found one without; leave :{split} out."
            );
    }

    private static List<string> FindFiles(string folder)
    {
        string state = Path.Combine(folder, State);
        List<string> files = ReadNames(state, "_data_files", "filename");
        return ReadNames(state, "_indices_data_files", "filename", isOptional: true) is [var indices, ..]
            ? throw new InvalidDataException(
                $"{folder}: expected a dataset whose files hold its rows, found one that is a choice among them "
                    + $"({indices}), as the library datasets wrote it before version 2. Load it with that version, and "
                    + "save it again after flatten_indices()."
            )
            : files;
    }

    private static List<string> ReadNames(string path, string property, string? name, bool isOptional = false)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw new InvalidDataException($"{path}: expected a list of names, found {stream.Length} bytes.");
            }

            using JsonDocument document = JsonDocument.Parse(stream);
            if (
                isOptional
                && (
                    !document.RootElement.TryGetProperty(property, out JsonElement found)
                    || found.ValueKind == JsonValueKind.Null
                )
            )
            {
                return [];
            }

            JsonElement list = document.RootElement.GetProperty(property);
            return
            [
                .. list.EnumerateArray()
                    .Select(element => Check(path, (name is null ? element : element.GetProperty(name)).GetString())),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            string shape = name is null ? "a list of names" : $"a list of objects with {name}";
            throw new InvalidDataException(
                $"{path}: expected an object with {property}, {shape}, as save_to_disk writes it, found an "
                    + $"error: {e.Message.TrimEnd('.')}.",
                e
            );
        }
    }

    // A name is that of a child: a dataset from elsewhere must not point at other files of this machine.
    private static string Check(string path, string? name) =>
        name is { Length: > 0 } and not (".." or ".") && !name.AsSpan().ContainsAny('/', '\\', '\0')
            ? name
            : throw new InvalidDataException($"{path}: expected names of files or folders beside it, found '{name}'.");
}
