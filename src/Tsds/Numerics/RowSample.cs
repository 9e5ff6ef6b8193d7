namespace Tsds.Numerics;

/// <summary>Reads rows spread evenly over a source.</summary>
internal static class RowSample
{
    /// <summary>Reads a sample.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="count">How many rows at most.</param>
    public static EmbeddingMatrix Read(IRowSource source, int count)
    {
        count = (int)Math.Min(count, source.Count);
        float[] values = new float[count * source.Dimension];
        for (int i = 0; i < count; i++)
        {
            long row = (long)((Int128)i * source.Count / count);
            source.ReadRows(row, 1, values.AsSpan(i * source.Dimension, source.Dimension), source.Dimension);
        }

        return new EmbeddingMatrix(values, source.Dimension);
    }
}
