using System.Text.Json.Serialization;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Bundle;

/// <summary>The input files of a selection, as its manifest has them.</summary>
/// <param name="Pool">The rows of the pool.</param>
/// <param name="Targets">The rows of the targets.</param>
/// <param name="PoolVectors">The embeddings of the pool.</param>
/// <param name="TargetVectors">The embeddings of the targets.</param>
/// <param name="Exclude">The rows that must not be chosen.</param>
/// <param name="ExcludeVectors">Their embeddings.</param>
/// <param name="Keep">The rows that were chosen before.</param>
/// <param name="KeepVectors">Their embeddings.</param>
/// <param name="Tokenizer">The tokenizer that counts tokens.</param>
/// <param name="SkippedRows">The rows that could not be used.</param>
internal sealed record ManifestInputs(
    IReadOnlyList<FileRecord> Pool,
    IReadOnlyList<FileRecord> Targets,
    IReadOnlyList<FileRecord> PoolVectors,
    IReadOnlyList<FileRecord> TargetVectors,
    IReadOnlyList<FileRecord>? Exclude,
    IReadOnlyList<FileRecord>? ExcludeVectors,
    IReadOnlyList<FileRecord>? Keep,
    IReadOnlyList<FileRecord>? KeepVectors,
    IReadOnlyList<FileRecord>? Tokenizer,
    IReadOnlyList<SkippedRow>? SkippedRows
)
{
    /// <summary>Gets the files of the numbers of rows that were left out, if there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileRecord>? ExcludeRows { get; init; }

    /// <summary>Gets the files of the numbers of rows that were chosen already, if there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileRecord>? KeepRows { get; init; }

    /// <summary>Gets all files.</summary>
    [JsonIgnore]
    public IEnumerable<FileRecord> All =>
        new[]
        {
            Pool,
            Targets,
            PoolVectors,
            TargetVectors,
            Exclude,
            ExcludeVectors,
            Keep,
            KeepVectors,
            Tokenizer,
            ExcludeRows,
            KeepRows,
        }.SelectMany(files => files ?? []);
}
