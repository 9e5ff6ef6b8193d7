namespace Tsds.Jobs.Embed;

/// <summary>The estimate of embedding a pool: what it will do and cost. Printed by <c>--dry-run</c>.</summary>
/// <param name="PoolFiles">The files of the pool, after folders and globs are resolved.</param>
/// <param name="PoolBytes">Their bytes on disk.</param>
/// <param name="Embedder">The embedder.</param>
/// <param name="Dimension">The length of the vectors, or null if it is known only from the embedder's first
/// answer.</param>
/// <param name="MemoryBytes">The estimate of memory, or null if it is not known.</param>
/// <param name="Notes">Sentences that a user should read first.</param>
internal sealed record EmbedEstimate(
    IReadOnlyList<string> PoolFiles,
    long PoolBytes,
    string Embedder,
    int? Dimension,
    long? MemoryBytes,
    IReadOnlyList<string> Notes
);
