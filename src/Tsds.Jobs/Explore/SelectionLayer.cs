using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Compare;

namespace Tsds.Jobs.Explore;

/// <summary>Represents the rows that were chosen elsewhere from the same pool, to be seen on one map.</summary>
/// <param name="Name">What people read.</param>
/// <param name="Kind">"selection", or "method" of a comparison.</param>
/// <param name="Chosen">The number of chosen rows.</param>
/// <param name="Counts">The times each row was chosen, at most 255.</param>
internal sealed record SelectionLayer(string Name, string Kind, long Chosen, byte[] Counts)
{
    /// <summary>Reads the layers of a folder.</summary>
    /// <param name="folder">The folder of a selection, or of a comparison.</param>
    /// <param name="explorer">The selection that they are seen with.</param>
    /// <exception cref="IOException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is of another pool, or of something else.</exception>
    public static IReadOnlyList<SelectionLayer> Read(string folder, SelectionExplorer explorer)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (ComparisonRecord.TryRead(folder) is { } comparison)
        {
            RequireSamePool(
                folder,
                [.. comparison.Inputs.Pool.Concat(comparison.Inputs.PoolVectors).Select(file => file.Sha256)],
                explorer
            );
            return
            [
                .. Directory
                    .EnumerateFiles(Path.Combine(folder, FinishedMethods.FolderName), "*.json")
                    .Order(StringComparer.Ordinal)
                    .Select(path => OfMethod(path, explorer.RowCount)),
            ];
        }

        SelectionManifest other = SelectionManifest.Read(folder);
        RequireSamePool(folder, PoolOf(other), explorer);
        return
        [
            Of(
                name,
                "selection",
                explorer.RowCount,
                LineageFile.ReadLineage(other.Folder).Select(line => (line.Row, line.Count))
            ),
        ];
    }

    /// <summary>Throws if a folder holds neither a selection nor a comparison.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is of something else.</exception>
    public static void Require(string folder)
    {
        if (ComparisonRecord.TryRead(folder) is null)
        {
            SelectionManifest.Read(folder);
        }
    }

    private static SelectionLayer OfMethod(string path, long rowCount)
    {
        MethodRecord record = JsonFile.Read(path, CompareJson.Default.MethodRecord);
        return Of(
            record.Scorecard.Method,
            "method",
            rowCount,
            record.Selections.SelectMany(drawn => drawn.Rows.Zip(drawn.Counts))
        );
    }

    private static SelectionLayer Of(string name, string kind, long rowCount, IEnumerable<(long Row, long Count)> rows)
    {
        byte[] counts = new byte[rowCount];
        foreach ((long row, long count) in rows.Where(row => row.Row < rowCount))
        {
            counts[row] = (byte)Math.Min(byte.MaxValue, counts[row] + count);
        }

        return new SelectionLayer(name, kind, counts.LongCount(count => count > 0), counts);
    }

    private static string[] PoolOf(SelectionManifest manifest) =>
        [
            .. (manifest.Record.Inputs?.Pool ?? [])
                .Concat(manifest.Record.Inputs?.PoolVectors ?? [])
                .Select(file => file.Sha256),
        ];

    private static void RequireSamePool(string folder, string[] pool, SelectionExplorer explorer)
    {
        // One may have been made of rows alone and the other with their vectors beside.
        string[] own = PoolOf(explorer.Manifest);
        if (pool.Length > 0 && own.Length > 0 && !pool.Intersect(own).Any())
        {
            throw new InvalidDataException(
                $"Expected the pool of {explorer.Manifest.Folder} in {folder}, found another one; rows of two pools "
                    + $"are not compared on one map."
            );
        }
    }
}
