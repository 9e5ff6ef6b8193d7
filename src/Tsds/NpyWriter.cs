using System.Runtime.InteropServices;

namespace Tsds;

/// <summary>Writes float32 embeddings row after row, without knowing their number beforehand.</summary>
public sealed class NpyWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly int _dimension;
    private long _values;

    /// <summary>Creates a file.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="dimension">The length of each row, at least 1.</param>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public NpyWriter(string path, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        _dimension = dimension;
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        _stream.Write(Header());
    }

    /// <summary>Appends whole rows.</summary>
    /// <param name="rows">Shape [any, dimension].</param>
    /// <exception cref="ArgumentException">The number of values is not a multiple of the dimension.</exception>
    public void Append(ReadOnlySpan<float> rows)
    {
        if (rows.Length % _dimension != 0)
        {
            throw new ArgumentException($"Expected a multiple of {_dimension} values, found {rows.Length}.", nameof(rows));
        }

        _stream.Write(MemoryMarshal.AsBytes(rows));
        _values += rows.Length;
    }

    /// <summary>Writes the number of rows into the header; a file without it reads as having none.</summary>
    public void Complete()
    {
        _stream.Position = 0;
        _stream.Write(Header());
        _stream.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private byte[] Header() => Npy.Header("<f4", $"({_values / _dimension}, {_dimension})");
}
