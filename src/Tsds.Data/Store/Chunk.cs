namespace Tsds.Data.Store;

/// <summary>A finished chunk on disk.</summary>
/// <param name="Path">Its .npy file.</param>
/// <param name="Key">The texts whose vectors it holds.</param>
/// <param name="Sha256">The hash of the file, lower-case hex.</param>
/// <param name="Dimension">The length of each vector.</param>
internal sealed record Chunk(string Path, ChunkKey Key, string Sha256, int Dimension);
