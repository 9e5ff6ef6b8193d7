namespace Tsds.Data.Store;

/// <summary>The vectors of some texts in their order, on disk.</summary>
/// <param name="Shards">The shards.</param>
/// <param name="EmbeddedRows">Rows that were embedded for them.</param>
internal sealed record EmbeddedShards(IReadOnlyList<Shard> Shards, long EmbeddedRows)
{
    public long RowCount => Shards.Sum(shard => (long)shard.Key.RowCount);

    public IReadOnlyList<VectorSource> Sources => [.. Paths.Select(path => new VectorSource([new VectorFile(path)]))];

    public IReadOnlyList<string> Paths => [.. Shards.Select(shard => shard.Path)];
}
