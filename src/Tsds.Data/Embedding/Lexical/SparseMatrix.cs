using System.Numerics;
using System.Runtime.InteropServices;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// A sparse matrix by rows, with its transpose, for products with dense matrices. Each element of a product is summed
/// in one fixed order.
/// </summary>
internal sealed class SparseMatrix
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    private SparseMatrix(int rows, int columns, int[] starts, int[] columnIndexes, float[] values)
    {
        RowCount = rows;
        ColumnCount = columns;
        _starts = starts;
        _columns = columnIndexes;
        _values = values;
    }

    public int RowCount { get; }

    public int ColumnCount { get; }

    public static SparseMatrix FromRows(IReadOnlyList<(int Column, float Value)[]> rows, int columns)
    {
        int[] starts = new int[rows.Count + 1];
        for (int row = 0; row < rows.Count; row++)
        {
            starts[row + 1] = checked(starts[row] + rows[row].Length);
        }

        int[] columnIndexes = new int[starts[^1]];
        float[] values = new float[starts[^1]];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int i = 0; i < rows[row].Length; i++)
            {
                (columnIndexes[starts[row] + i], values[starts[row] + i]) = rows[row][i];
            }
        }

        return new SparseMatrix(rows.Count, columns, starts, columnIndexes, values);
    }

    public SparseMatrix Transpose()
    {
        int[] starts = new int[ColumnCount + 1];
        foreach (int column in _columns)
        {
            starts[column + 1]++;
        }

        for (int column = 0; column < ColumnCount; column++)
        {
            starts[column + 1] += starts[column];
        }

        int[] next = starts[..^1];
        int[] rows = new int[_columns.Length];
        float[] values = new float[_columns.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (int i = _starts[row]; i < _starts[row + 1]; i++)
            {
                int position = next[_columns[i]]++;
                rows[position] = row;
                values[position] = _values[i];
            }
        }

        return new SparseMatrix(ColumnCount, RowCount, starts, rows, values);
    }

    /// <summary>Multiplies this matrix by a dense one, shape [columns, width] → [rows, width].</summary>
    public void Multiply(float[] dense, int width, float[] product, ParallelOptions parallel) =>
        Parallel.For(
            0,
            RowCount,
            parallel,
            row =>
            {
                Span<float> sum = product.AsSpan(row * width, width);
                sum.Clear();
                for (int i = _starts[row]; i < _starts[row + 1]; i++)
                {
                    AddScaled(sum, dense.AsSpan(_columns[i] * width, width), _values[i]);
                }
            }
        );

    /// <summary>
    /// Computes sum += scale·row. Every column is a sum of its own, multiplied and added without fusing, so that the
    /// bits do not depend on the width of the registers.
    /// </summary>
    public static void AddScaled(Span<float> sum, ReadOnlySpan<float> row, float scale)
    {
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> rows = MemoryMarshal.Cast<float, Vector<float>>(row);
        Vector<float> factor = new(scale);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += rows[i] * factor;
        }

        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += row[i] * scale;
        }
    }
}
