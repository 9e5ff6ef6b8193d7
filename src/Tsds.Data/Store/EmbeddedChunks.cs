namespace Tsds.Data.Store;

/// <summary>The vectors of some texts on disk, in the order of the texts.</summary>
/// <param name="Chunks">The chunks.</param>
/// <param name="EmbeddedRows">Rows that were embedded for them.</param>
internal sealed record EmbeddedChunks(IReadOnlyList<Chunk> Chunks, long EmbeddedRows)
{
    /// <summary>
    /// Gets how many of the embedded rows took their vector by a part of a joined embedder from where it is kept.
    /// </summary>
    public long KnownPartRows { get; init; }

    public long RowCount => Chunks.Sum(chunk => (long)chunk.Key.RowCount);

    public IReadOnlyList<VectorSource> Sources => [.. Paths.Select(path => new VectorSource([new VectorFile(path)]))];

    public IReadOnlyList<string> Paths => [.. Chunks.Select(chunk => chunk.Path)];
}
