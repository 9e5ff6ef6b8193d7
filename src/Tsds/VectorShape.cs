namespace Tsds;

/// <summary>The shape and element type of the embeddings in files.</summary>
/// <param name="Count">Rows.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="ElementType">"float16", "bfloat16", "float32" or "float64".</param>
public sealed record VectorShape(long Count, int Dimension, string ElementType);
