using System.Runtime.InteropServices;

namespace Tsds.Sources.Tables;

/// <summary>Writes the rows and vectors of a chunk to two files.</summary>
/// <param name="rows">The file of rows, JSON lines.</param>
/// <param name="vectors">The file of vectors, numbers alone.</param>
/// <param name="label">The address, for messages.</param>
internal sealed class ChunkWriter(string rows, string vectors, string label) : IDisposable
{
    private readonly FileStream _rows = new(rows, FileMode.Create, FileAccess.Write);
    private readonly FileStream _vectors = new(vectors, FileMode.Create, FileAccess.Write);

    /// <summary>Gets the number of rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the length of each vector; 0 before the first.</summary>
    public int Dimension { get; private set; }

    /// <summary>Adds a row with its vector.</summary>
    /// <param name="id">Its id, for messages.</param>
    /// <param name="row">A JSON object on one line.</param>
    /// <param name="vector">Its vector.</param>
    /// <exception cref="InvalidDataException">The vector is of another length than the first.</exception>
    public void Add(string id, ReadOnlySpan<byte> row, ReadOnlySpan<float> vector)
    {
        if (Count > 0 && vector.Length != Dimension)
        {
            throw new InvalidDataException(
                $"{label}: expected vectors of {Dimension} numbers, found one of {vector.Length} at the id {id}; embed "
                    + $"all rows with the same model."
            );
        }

        Dimension = vector.Length;
        Count++;
        _rows.Write(row);
        _rows.WriteByte((byte)'\n');
        _vectors.Write(MemoryMarshal.AsBytes(vector));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _vectors.Dispose();
    }
}
