using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Inspect;

/// <summary>The result of an inspection for one file.</summary>
public sealed record InspectedFile
{
    /// <summary>Gets the path as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Gets the reason why the file cannot be used, or null if it can. With a reason, the other properties are empty or
    /// zero.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>Gets container, schema, rows, bytes and hash; null if there is a problem.</summary>
    public InputFile? File { get; init; }

    /// <summary>Gets the first rows that cannot be used, at most 1,000, each with its reason.</summary>
    public IReadOnlyList<SkippedRow> SkippedRows { get; init; } = [];

    /// <summary>Gets the number of characters (UTF-16 units) of all texts.</summary>
    public long Characters { get; init; }

    /// <summary>
    /// Gets the estimate of the number of tokens: a quarter of the ASCII characters, half of the other ones, and each
    /// Han, Kana and Hangul character.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>
    /// Gets, by the name of a top-level field, in how many rows it is null, an empty or blank string, or an empty list
    /// or object; fields that are never empty are not listed, and of more than 1,000 names the first 1,000 count.
    /// </summary>
    public IReadOnlyDictionary<string, long> EmptyFields { get; init; } = new Dictionary<string, long>();

    /// <summary>
    /// Gets the number of letters by script, such as Latin, Cyrillic, Han or Arabic; only those that occur.
    /// </summary>
    public IReadOnlyDictionary<string, long> Letters { get; init; } = new Dictionary<string, long>();
}
