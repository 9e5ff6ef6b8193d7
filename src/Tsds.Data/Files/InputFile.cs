namespace Tsds.Data.Files;

/// <summary>The properties of one input file that a complete pass determined.</summary>
internal sealed record InputFile
{
    /// <summary>Gets the path as it was given to the reader.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Gets the kind of the file, such as jsonl, jsonl.zst, json, csv, parquet, arrow-file or arrow-stream; empty for a
    /// file of vectors.
    /// </summary>
    public string Container { get; init; } = string.Empty;

    /// <summary>Gets the size of the file on disk, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the SHA-256 of the file's bytes on disk, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>
    /// Gets the revision or ETag of a file at an address; null for a file on disk, and where its server has neither.
    /// </summary>
    public string? Version { get; init; }

    /// <summary>Gets the number of rows kept.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the number of rows left out under a policy that skips bad rows.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the name of the file's schema; empty for a file without a usable row.</summary>
    /// <remarks>The names are chatml, sharegpt, preference, alpaca, prompt-completion, query-response, text,
    /// text-field and pretokenized.
    /// It is the most frequent schema of the first 100 rows. Rows of another recognized schema are accepted
    /// too.</remarks>
    public required string Schema { get; init; }

    /// <summary>Gets the number of kept rows by schema name.</summary>
    public required IReadOnlyDictionary<string, long> Schemas { get; init; }
}
