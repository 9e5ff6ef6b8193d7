namespace Tsds.Numerics;

/// <summary>A selection of the rows of a source, in ascending order.</summary>
internal sealed class ChosenRows(IRowSource source, ReadOnlyMemory<long> rows) : IRowSource
{
    public long Count => rows.Length;

    public int Dimension => source.Dimension;

    public void ReadRows(long first, int rowCount, Span<float> destination, int stride)
    {
        for (int row = 0; row < rowCount; row++)
        {
            source.ReadRows(rows.Span[(int)first + row], 1, destination[(row * stride)..], stride);
        }
    }
}
