using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>The rows of an index, mapped from its files.</summary>
internal sealed class IndexedRows : IQuantizedRows, IDisposable
{
    public const string RowsName = "rows.bin";
    public const string ElementsName = "elements.bin";

    private readonly string _folder;
    private readonly int _dimension;
    private readonly MappedFile _rows;
    private readonly MappedFile _elements;

    private IndexedRows(string folder, IndexHeader header, MappedFile rows, MappedFile elements)
    {
        _folder = folder;
        _dimension = header.Dimension;
        _rows = rows;
        _elements = elements;
        LargestRelativeError = header.LargestRelativeError;
    }

    public double LargestRelativeError { get; }

    public static IndexedRows Open(string folder, IndexHeader header)
    {
        MappedFile rows = OpenFile(folder, RowsName, header.Count * Unsafe.SizeOf<QuantizedRow>());
        try
        {
            return new IndexedRows(
                folder,
                header,
                rows,
                OpenFile(folder, ElementsName, header.Count * header.Dimension)
            );
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Returns the checksum of a row: of its elements, norm, scale and error bound.</summary>
    public static uint Checksum(ReadOnlySpan<sbyte> elements, in QuantizedRow row)
    {
        uint sum = BitOperations.Crc32C(uint.MaxValue, BitConverter.DoubleToUInt64Bits(row.NormSquared));
        sum = BitOperations.Crc32C(sum, BitConverter.DoubleToUInt64Bits(row.RoundedNormSquared));
        sum = BitOperations.Crc32C(
            sum,
            ((ulong)BitConverter.SingleToUInt32Bits(row.Scale) << 32) | BitConverter.SingleToUInt32Bits(row.Error)
        );
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<sbyte, ulong>(elements);
        foreach (ulong word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (sbyte element in elements[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, (byte)element);
        }

        return sum;
    }

    public void Read(long first, int rowCount, Span<QuantizedRow> rows, out ReadOnlySpan<sbyte> elements)
    {
        _rows.Span<QuantizedRow>(first * Unsafe.SizeOf<QuantizedRow>(), rowCount).CopyTo(rows);
        elements = _elements.Span<sbyte>(first * _dimension, rowCount * _dimension);
        for (int row = 0; row < rowCount; row++)
        {
            if (Checksum(elements.Slice(row * _dimension, _dimension), rows[row]) != rows[row].Checksum)
            {
                throw new InvalidDataException(
                    $"Expected row {first + row} of the index {_folder} to match its checksum, found other "
                        + $"bytes; the index is damaged, build it again with 'tsds index'."
                );
            }
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _elements.Dispose();
    }

    private static MappedFile OpenFile(string folder, string name, long bytes)
    {
        string path = Path.Combine(folder, name);
        long found = File.Exists(path) ? FileLength.Of(path) : 0;
        return found == bytes
            ? new MappedFile(path)
            : throw new InvalidDataException(
                $"Expected {bytes:N0} bytes in {path}, found {found:N0}; the index is damaged, build it "
                    + $"again with 'tsds index'."
            );
    }
}
