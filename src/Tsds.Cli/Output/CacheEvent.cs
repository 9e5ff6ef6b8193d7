using Tsds.Data.Store;
using Tsds.Sources;

namespace Tsds.Cli.Output;

/// <summary>The event <c>cache</c>: what the cache holds.</summary>
/// <param name="Folder">The folder of the cache.</param>
/// <param name="Bytes">The size of all entries.</param>
/// <param name="Entries">An entry for each embedder.</param>
/// <param name="Files">What is kept of files at addresses.</param>
internal sealed record CacheEvent(
    string Folder,
    long Bytes,
    IReadOnlyList<VectorCacheEntry> Entries,
    IReadOnlyList<KeptFile> Files
);
