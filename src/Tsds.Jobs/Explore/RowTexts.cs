using System.Text;
using Microsoft.Win32.SafeHandles;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Represents the texts of a pool in a file of its own, so that one of them is read without the others, and all of them
/// are searched as fast as a disk is read.
/// </summary>
/// <remarks>Memory: 8 bytes for each row. The file is as large as texts and rows together, and goes when this is
/// disposed of. For several threads at once, after <see cref="Complete"/>.</remarks>
internal sealed class RowTexts : IDisposable
{
    private const int BytesAtOnce = 1 << 20;

    private readonly string _path;
    private readonly List<long> _offsets = [0];
    private readonly byte[] _length = new byte[sizeof(int)];
    private FileStream? _writer;
    private SafeFileHandle? _reader;

    /// <summary>Initializes an empty file.</summary>
    /// <param name="path">The file, which does not exist yet.</param>
    public RowTexts(string path)
    {
        _path = path;
        _writer = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BytesAtOnce);
    }

    /// <summary>Gets the number of rows.</summary>
    public long Count => _offsets.Count - 1;

    /// <summary>Appends the next row.</summary>
    /// <param name="row">The row.</param>
    public void Add(in Row row)
    {
        byte[] text = Encoding.UTF8.GetBytes(row.Text);
        BitConverter.TryWriteBytes(_length, text.Length);
        _writer!.Write(_length);
        _writer.Write(text);
        _writer.Write(row.Utf8.Span);
        _offsets.Add(_offsets[^1] + _length.Length + text.Length + row.Utf8.Length);
    }

    /// <summary>Ends writing; from now on rows are read.</summary>
    public void Complete()
    {
        _writer!.Dispose();
        _writer = null;
        _reader = File.OpenHandle(_path, options: FileOptions.RandomAccess);
    }

    /// <summary>Reads the beginning of the text of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="most">The most characters.</param>
    /// <returns>The text, and a value indicating whether there is more.</returns>
    public (string Text, bool IsCut) ReadText(long row, int most)
    {
        int length = ReadLength(row);
        byte[] bytes = new byte[Math.Min(length, (most * 3) + 3)];
        Read(bytes, _offsets[(int)row] + _length.Length);
        string text = Encoding.UTF8.GetString(bytes);
        bool isCut = bytes.Length < length || text.Length > most;
        return (isCut ? Cut(text, most) : text, isCut);
    }

    /// <summary>Reads a row as it lies in its file.</summary>
    /// <param name="row">The row.</param>
    /// <returns>UTF-8 of the row.</returns>
    public byte[] ReadRow(long row)
    {
        long start = _offsets[(int)row] + _length.Length + ReadLength(row);
        byte[] bytes = new byte[checked((int)(_offsets[(int)row + 1] - start))];
        Read(bytes, start);
        return bytes;
    }

    /// <summary>Finds the rows whose text meets a condition.</summary>
    /// <param name="search">The condition, asked for the UTF-8 of each text.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The rows, ascending.</returns>
    public IEnumerable<long> Find(TextSearch search, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BytesAtOnce];
        for (int first = 0; first < Count; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            int last = first + 1;
            while (last < Count && _offsets[last + 1] - _offsets[first] <= BytesAtOnce)
            {
                last++;
            }

            int size = checked((int)(_offsets[last] - _offsets[first]));
            if (size > block.Length)
            {
                block = new byte[size];
            }

            Read(block.AsSpan(0, size), _offsets[first]);
            for (int row = first; row < last; row++)
            {
                int start = (int)(_offsets[row] - _offsets[first]);
                int length = BitConverter.ToInt32(block, start);
                if (search.Matches(block.AsSpan(start + _length.Length, length)))
                {
                    yield return row;
                }
            }

            first = last;
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        _reader?.Dispose();
        File.Delete(_path);
    }

    /// <summary>Cuts a text to a number of characters, without half a surrogate pair at its end.</summary>
    internal static string Cut(string text, int most)
    {
        int length = Math.Min(text.Length, most);
        length -= length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        return text[..length];
    }

    private int ReadLength(long row)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        Read(length, _offsets[(int)row]);
        return BitConverter.ToInt32(length);
    }

    private void Read(Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_reader!, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException(
                    $"Expected the texts of the pool in {_path}, found that they end early."
                );
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
