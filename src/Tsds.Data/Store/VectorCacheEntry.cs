namespace Tsds.Data.Store;

/// <summary>The vectors that the cache keeps for one embedder.</summary>
/// <param name="Embedder">The embedder's identity.</param>
/// <param name="Dimension">The length of its vectors, or null if none is finished.</param>
/// <param name="Rows">The vectors.</param>
/// <param name="Bytes">All its files.</param>
/// <param name="LastUsed">When one of them was last used, UTC.</param>
public sealed record VectorCacheEntry(string Embedder, int? Dimension, long Rows, long Bytes, DateTime LastUsed);
