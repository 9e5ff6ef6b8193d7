namespace Tsds.Pools;

/// <summary>Embeddings in memory.</summary>
internal sealed class MemoryVectorSource(EmbeddingMatrix embeddings) : IVectorSource
{
    public long Count => embeddings.Count;

    public int Dimension => embeddings.Dimension;

    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        for (int row = 0; row < rowCount; row++)
        {
            embeddings[(int)(first + row)].CopyTo(rows[(row * stride)..]);
        }
    }

    public string Describe(long row) => $"embeddings row {row}";

    public void Dispose() { }
}
