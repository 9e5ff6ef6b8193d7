namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// A sparse matrix by rows, with its transpose, for products with dense matrices. Each element of a product is summed
/// in one fixed order.
/// </summary>
internal sealed class SparseMatrix
{
    private readonly int[] _starts;
    private readonly (int Column, float Value)[] _elements;

    private SparseMatrix(int rows, int columns, int[] starts, (int Column, float Value)[] elements)
    {
        RowCount = rows;
        ColumnCount = columns;
        _starts = starts;
        _elements = elements;
    }

    public int RowCount { get; }

    public int ColumnCount { get; }

    /// <summary>Writes the elements of a row.</summary>
    public delegate void WriteRow(int row, Span<(int Column, float Value)> elements);

    /// <summary>Creates a matrix of its rows.</summary>
    /// <param name="counts">How many elements each row has.</param>
    /// <param name="columns">The columns of the matrix.</param>
    /// <param name="write">Writes the elements of a row, by ascending column; called once for each, on several
    /// threads.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static SparseMatrix FromRows(
        IReadOnlyList<int> counts,
        int columns,
        WriteRow write,
        ParallelOptions parallel
    )
    {
        int[] starts = new int[counts.Count + 1];
        for (int row = 0; row < counts.Count; row++)
        {
            starts[row + 1] = checked(starts[row] + counts[row]);
        }

        (int Column, float Value)[] elements = new (int, float)[starts[^1]];
        Parallel.For(0, counts.Count, parallel, row => write(row, elements.AsSpan(starts[row], counts[row])));
        return new SparseMatrix(counts.Count, columns, starts, elements);
    }

    public SparseMatrix Transpose()
    {
        int[] starts = new int[ColumnCount + 1];
        foreach ((int column, _) in _elements)
        {
            starts[column + 1]++;
        }

        for (int column = 0; column < ColumnCount; column++)
        {
            starts[column + 1] += starts[column];
        }

        int[] next = starts[..^1];
        (int Column, float Value)[] elements = new (int, float)[_elements.Length];
        for (int row = 0; row < RowCount; row++)
        {
            foreach ((int column, float value) in RowOf(row))
            {
                elements[next[column]++] = (row, value);
            }
        }

        return new SparseMatrix(ColumnCount, RowCount, starts, elements);
    }

    /// <summary>Multiplies this matrix by a dense one, shape [columns, width] → [rows, width].</summary>
    public void Multiply(float[] dense, int width, float[] product, ParallelOptions parallel) =>
        Parallel.For(
            0,
            RowCount,
            parallel,
            row => DenseKernels.Combine(RowOf(row), dense, width, product.AsSpan(row * width, width))
        );

    private ReadOnlySpan<(int Column, float Value)> RowOf(int row) =>
        _elements.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);
}
