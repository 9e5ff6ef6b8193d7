using System.Runtime.InteropServices;

namespace Tsds;

/// <summary>
/// Writes embeddings row by row, as float32 or rounded to float16, without knowing their number in advance.
/// </summary>
public sealed class NpyWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly int _dimension;
    private readonly VectorPrecision _precision;
    private Half[] _halves = [];
    private long _values;

    /// <summary>Initializes a writer and creates the file.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="dimension">The length of each row, at least 1.</param>
    /// <param name="precision">How the values are stored.</param>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public NpyWriter(string path, int dimension, VectorPrecision precision = VectorPrecision.Full)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        _dimension = dimension;
        _precision = precision;
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        _stream.Write(Header());
    }

    /// <summary>Returns the size of a file with a number of rows.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="dimension">The length of each row.</param>
    /// <param name="precision">How the values are stored.</param>
    /// <returns>Bytes, the header included.</returns>
    public static long SizeOf(long rows, int dimension, VectorPrecision precision) =>
        Npy.HeaderLength + (rows * dimension * (precision == VectorPrecision.Half ? 2 : 4));

    /// <summary>Appends complete rows.</summary>
    /// <param name="rows">Shape [any, dimension].</param>
    /// <remarks>
    /// As float16 each value is rounded to the nearest, ties to even; beyond ±65,519 it becomes infinite.
    /// </remarks>
    /// <exception cref="ArgumentException">The number of values is not a multiple of the dimension.</exception>
    public void Append(ReadOnlySpan<float> rows)
    {
        if (rows.Length % _dimension != 0)
        {
            throw new ArgumentException(
                $"Expected a multiple of {_dimension} values, found {rows.Length}.",
                nameof(rows)
            );
        }

        _stream.Write(
            _precision == VectorPrecision.Half ? MemoryMarshal.AsBytes(Halve(rows)) : MemoryMarshal.AsBytes(rows)
        );
        _values += rows.Length;
    }

    /// <summary>
    /// Writes the number of rows into the header. Without this call, the file reads as having no rows.
    /// </summary>
    public void Complete()
    {
        _stream.Position = 0;
        _stream.Write(Header());
        _stream.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private byte[] Header() =>
        Npy.Header(_precision == VectorPrecision.Half ? "<f2" : "<f4", $"({_values / _dimension}, {_dimension})");

    private ReadOnlySpan<Half> Halve(ReadOnlySpan<float> rows)
    {
        if (_halves.Length < rows.Length)
        {
            _halves = new Half[rows.Length];
        }

        for (int i = 0; i < rows.Length; i++)
        {
            _halves[i] = (Half)rows[i];
        }

        return _halves.AsSpan(0, rows.Length);
    }
}
