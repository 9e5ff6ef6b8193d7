using System.Text.Json.Serialization;
using Tsds.Data.Files;

namespace Tsds.Jobs.Bundle;

/// <summary>An input file as the manifest has it.</summary>
internal sealed record FileRecord
{
    /// <summary>Gets the path as the user gave it.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the hash of the bytes on disk, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets the revision or ETag of a file at an address; null for a file on disk.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }

    /// <summary>Gets the rows or vectors; null for a tokenizer, which has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Rows { get; init; }

    /// <summary>Gets the kind of the file; null for a file without rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Container { get; init; }

    /// <summary>Gets the rows by schema, by name; null for a file without rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? Schemas { get; init; }

    /// <summary>Gets the rows left out; null for a file without rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SkippedRows { get; init; }

    /// <summary>Returns what is known of files.</summary>
    public static IReadOnlyList<FileRecord> Of(IEnumerable<InputFile>? files) => [.. (files ?? []).Select(Of)];

    /// <summary>Returns what is known of a file that has no rows.</summary>
    public static FileRecord Of(string path) =>
        new()
        {
            Path = path,
            Bytes = FileSources.LengthOf(path),
            Sha256 = FileHash.Of(path),
        };

    private static FileRecord Of(InputFile file)
    {
        bool hasRows = file.Schemas.Count > 0;
        return new FileRecord
        {
            Path = file.Path,
            Bytes = file.Bytes,
            Sha256 = file.Sha256,
            Version = file.Version,
            Rows = file.Rows,
            Container = hasRows ? file.Container : null,
            Schemas = hasRows ? new(file.Schemas.OrderBy(pair => pair.Key, StringComparer.Ordinal)) : null,
            SkippedRows = hasRows ? file.SkippedRows : null,
        };
    }
}
