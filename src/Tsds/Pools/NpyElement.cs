namespace Tsds.Pools;

/// <summary>The element types that embeddings may have on disk.</summary>
internal enum NpyElement
{
    Float16,
    Float32,
    Float64,
}
