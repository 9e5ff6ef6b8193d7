using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Export;

/// <summary>The ids of the rows that a selection chose, in the database that its pool came from.</summary>
/// <param name="Address">The table or collection.</param>
/// <param name="Ids">The ids, each once, in the order of the lineage.</param>
internal sealed record SelectedIds(string Address, IReadOnlyList<string> Ids)
{
    /// <summary>Reads the ids of a selection.</summary>
    /// <param name="selection">Its folder.</param>
    /// <param name="schemes">The beginnings of the addresses of the database.</param>
    /// <exception cref="FileNotFoundException">The folder holds no selection.</exception>
    /// <exception cref="InvalidDataException">Its rows are not those of one table, or a row has no id.</exception>
    public static SelectedIds Read(string selection, IReadOnlyList<string> schemes)
    {
        SelectionManifest manifest = SelectionManifest.Read(selection);
        string[] pool = [.. manifest.Record.Inputs?.Pool.Select(file => file.Path) ?? []];
        if (pool is not [{ } address] || !schemes.Any(scheme => address.StartsWith(scheme, StringComparison.Ordinal)))
        {
            string form = schemes[0] + "...";
            throw new InvalidDataException(
                $"{manifest.Folder}: expected a selection from one pool at {form}, found "
                    + (
                        pool.Length == 0
                            ? $"one from vectors alone; select with --pool {form} too, which says the ids."
                            : $"one from {pool[0]}{(pool.Length > 1 ? " and others" : "")}; its rows are in no such "
                                + "database."
                    )
            );
        }

        List<string> ids = [];
        foreach (LineageRecord row in LineageFile.ReadLineage(manifest.Folder).Where(row => row.Count > 0))
        {
            ids.Add(
                row.Id.Value
                    ?? throw new InvalidDataException(
                        $"{manifest.Folder}: expected an id for each row, found none for row {row.Row}; give each row "
                            + "of the table an id, and select again."
                    )
            );
        }

        return new SelectedIds(address, [.. ids.Distinct(StringComparer.Ordinal)]);
    }
}
