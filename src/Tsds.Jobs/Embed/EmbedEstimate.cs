namespace Tsds.Jobs.Embed;

/// <summary>What embedding a pool is going to do and to cost; what <c>--dry-run</c> prints.</summary>
/// <param name="PoolFiles">The files of the pool, after folders and globs are resolved.</param>
/// <param name="PoolBytes">Their bytes on disk.</param>
/// <param name="Embedder">The embedder.</param>
/// <param name="Dimension">The length of the vectors, or null where only the embedder's first answer tells.</param>
/// <param name="MemoryBytes">The estimate of memory, or null where it is not known.</param>
/// <param name="Notes">Sentences that a user should read first.</param>
public sealed record EmbedEstimate(
    IReadOnlyList<string> PoolFiles,
    long PoolBytes,
    string Embedder,
    int? Dimension,
    long? MemoryBytes,
    IReadOnlyList<string> Notes
);
