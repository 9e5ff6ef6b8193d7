namespace Tsds;

/// <summary>What a .npy file of embeddings holds.</summary>
/// <param name="Count">Rows.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="ElementType">"float16", "float32" or "float64".</param>
public sealed record NpyShape(long Count, int Dimension, string ElementType);
