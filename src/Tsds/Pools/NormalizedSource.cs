using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>The rows of a source, checked, normalized and centered as they are read.</summary>
/// <param name="store">The rows.</param>
/// <param name="normalization">What is done to each.</param>
/// <param name="view">How they are seen; null for as they are.</param>
internal sealed class NormalizedSource(IVectorSource store, Normalization normalization, PoolView? view = null)
    : IRowSource
{
    public long Count => store.Count;

    public int Dimension => store.Dimension;

    public PoolView? Costs => view is { HasCosts: true } ? view : null;

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

            view?.Apply(rows.Slice(row * stride, Dimension));
        }
    }
}
