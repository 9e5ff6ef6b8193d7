namespace Tsds.Jobs.Select;

/// <summary>The estimate of a job: what it will do and cost. Printed by <c>--dry-run</c>.</summary>
/// <param name="PoolFiles">The files of the pool, after folders and globs are resolved.</param>
/// <param name="TargetFiles">The files of the targets.</param>
/// <param name="PoolBytes">The bytes of the pool's files as they are on disk.</param>
/// <param name="PoolRows">The candidates when known before reading (vectors), else null.</param>
/// <param name="TargetRows">The targets when known before reading (vectors), else null.</param>
/// <param name="Embedder">The embedder, or "vectors" for ready-made embeddings.</param>
/// <param name="Dimension">The length of the embeddings, or null if it is known only from the embedder's first
/// answer.</param>
/// <param name="MemoryBytes">The estimate of memory beyond mapped files, or null while the number of targets is
/// unknown.</param>
/// <param name="Notes">Sentences that a user should read first, for instance what α = 0 costs.</param>
public sealed record SelectionEstimate(
    IReadOnlyList<string> PoolFiles,
    IReadOnlyList<string> TargetFiles,
    long PoolBytes,
    long? PoolRows,
    long? TargetRows,
    string Embedder,
    int? Dimension,
    long? MemoryBytes,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Gets the job that was estimated, with its files.</summary>
    /// <exception cref="InvalidOperationException">No job was estimated.</exception>
    internal PreparedSelection Job
    {
        get => field ?? throw new InvalidOperationException("Expected the estimate of a job, found numbers alone.");
        init;
    }
}
