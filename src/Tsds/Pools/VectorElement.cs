namespace Tsds.Pools;

/// <summary>The element types that embeddings may have on disk.</summary>
internal enum VectorElement
{
    Float16,
    BFloat16,
    Float32,
    Float64,
}
