namespace Tsds.Data.Rows;

/// <summary>The ways a file of JSON lines may be packed, told apart by the end of its name.</summary>
internal static class RowContainer
{
    /// <summary>The end of the name of a plain file.</summary>
    public const string Plain = ".jsonl";

    /// <summary>The end of the name of a gzip file.</summary>
    public const string Gzip = ".jsonl.gz";

    /// <summary>The end of the name of a Zstandard file.</summary>
    public const string Zstandard = ".jsonl.zst";

    /// <summary>Finds how a file is packed.</summary>
    /// <param name="path">The file.</param>
    /// <returns>One of the constants, or null when the name ends in none of them.</returns>
    public static string? Of(string path) =>
        path.EndsWith(Plain, StringComparison.OrdinalIgnoreCase) ? Plain
        : path.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase) ? Gzip
        : path.EndsWith(Zstandard, StringComparison.OrdinalIgnoreCase) ? Zstandard
        : null;

    /// <summary>Takes folder and container off a path.</summary>
    /// <param name="path">A file of rows.</param>
    /// <returns>The name that rows without a source of their own go by.</returns>
    public static string StemOf(string path)
    {
        string name = Path.GetFileName(path);
        return name[..^(Of(name)?.Length ?? 0)];
    }
}
