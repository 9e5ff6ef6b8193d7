using System.Text.RegularExpressions;

namespace Tsds.Data.Containers;

/// <summary>
/// Reads the columns that folders carry in their names, as Hive, Spark and Arrow write them:
/// <c>lang=en/part.parquet</c>.
/// </summary>
internal static partial class PartitionFolders
{
    // What Hive writes for null.
    private const string NullValue = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Returns the columns of the folders on the path of a file.</summary>
    /// <param name="path">The file, as it was named.</param>
    /// <returns>Names with their values, from the outermost folder in; of a name that comes twice, the inner.</returns>
    public static IReadOnlyList<(string Name, string? Value)> Of(string path)
    {
        List<(string Name, string? Value)> columns = [];
        foreach (Match match in Partition().Matches(path.Replace('\\', '/')))
        {
            string name = match.Groups["name"].Value;
            string value = Uri.UnescapeDataString(match.Groups["value"].Value);
            columns.RemoveAll(column => column.Name == name);
            columns.Add((name, value == NullValue ? null : value));
        }

        return columns;
    }

    /// <summary>Returns the name that rows of such folders go by where they do not say their source.</summary>
    /// <param name="path">The file, as it was named.</param>
    /// <returns>Such as <c>lang=en</c> or <c>lang=en/year=2024</c>; null where no folder carries a column.</returns>
    public static string? NameOf(string path)
    {
        IReadOnlyList<(string Name, string? Value)> columns = Of(path);
        return columns.Count > 0
            ? string.Join('/', columns.Select(column => $"{column.Name}={column.Value ?? "null"}"))
            : null;
    }

    [GeneratedRegex("(?<=^|/)(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>[^/]+)(?=/)", RegexOptions.CultureInvariant)]
    private static partial Regex Partition();
}
