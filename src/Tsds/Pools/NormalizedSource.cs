using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>The rows of a source, checked and normalized as they are read.</summary>
internal sealed class NormalizedSource(IVectorSource store, Normalization normalization) : IRowSource
{
    public long Count => store.Count;

    public int Dimension => store.Dimension;

    public IQuantizedRows? Quantized { get; set; }

    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        store.ReadRows(first, rowCount, rows, stride);
        for (int row = 0; row < rowCount; row++)
        {
            if (RowNormalizer.Apply(rows.Slice(row * stride, Dimension), normalization) is { } problem)
            {
                throw new InvalidDataException(store.Describe(first + row) + problem);
            }
        }
    }
}
