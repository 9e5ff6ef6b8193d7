using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Compare;

/// <summary>The input files of a comparison.</summary>
/// <param name="Pool">The rows of the pool.</param>
/// <param name="Targets">The rows of the targets.</param>
/// <param name="PoolVectors">The embeddings of the pool.</param>
/// <param name="TargetVectors">The embeddings of the targets.</param>
/// <param name="Exclude">The rows whose copies are left out.</param>
/// <param name="ExcludeVectors">Their embeddings.</param>
/// <param name="Test">The rows that ought not to be chosen.</param>
/// <param name="TestVectors">Their embeddings.</param>
internal sealed record ComparisonInputs(
    IReadOnlyList<FileRecord> Pool,
    IReadOnlyList<FileRecord> Targets,
    IReadOnlyList<FileRecord> PoolVectors,
    IReadOnlyList<FileRecord> TargetVectors,
    IReadOnlyList<FileRecord> Exclude,
    IReadOnlyList<FileRecord> ExcludeVectors,
    IReadOnlyList<FileRecord> Test,
    IReadOnlyList<FileRecord> TestVectors
);
