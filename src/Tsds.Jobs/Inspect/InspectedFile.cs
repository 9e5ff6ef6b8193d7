using Tsds.Jobs.Export;

namespace Tsds.Jobs.Inspect;

/// <summary>The result of an inspection for one file.</summary>
internal sealed record InspectedFile
{
    /// <summary>Gets the path as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Gets the reason why the file cannot be used, or null if it can. With a reason, the other properties are empty or
    /// zero.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>Gets the kind of the file, such as jsonl, csv or parquet; null if there is a problem.</summary>
    public string? Container { get; init; }

    /// <summary>
    /// Gets the most frequent schema of the first 100 rows; empty without a usable row, null if there is a problem.
    /// </summary>
    public string? Schema { get; init; }

    /// <summary>Gets the number of usable rows by schema.</summary>
    public IReadOnlyDictionary<string, long> Schemas { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets the number of usable rows.</summary>
    public long Rows { get; init; }

    /// <summary>Gets the size of the file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the SHA-256 of the file's bytes, in lower-case hexadecimal; null if there is a problem.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the number of rows that cannot be used.</summary>
    public long BadRows { get; init; }

    /// <summary>Gets the first of these rows, at most 1,000.</summary>
    public IReadOnlyList<RowProblem> FirstBadRows { get; init; } = [];

    /// <summary>Gets the number of characters (UTF-16 units) of all texts.</summary>
    public long Characters { get; init; }

    /// <summary>
    /// Gets the estimate of the number of tokens: a quarter of the ASCII characters, half of the other ones, and each
    /// Han, Kana and Hangul character.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>
    /// Gets, by the name of a top-level field, in how many rows it is null, a string without text, or an empty list or
    /// object; fields that are never empty are not listed, and of more than 1,000 names the first 1,000 count.
    /// </summary>
    public IReadOnlyDictionary<string, long> EmptyFields { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets how many rows each trainer would read, in the order of <see cref="Export.Trainer"/>.</summary>
    public IReadOnlyList<TrainerCount> Trainers { get; init; } = [];

    /// <summary>
    /// Gets the number of letters by script, such as Latin, Cyrillic, Han or Arabic; only those that occur.
    /// </summary>
    public IReadOnlyDictionary<string, long> Letters { get; init; } = new Dictionary<string, long>();
}
