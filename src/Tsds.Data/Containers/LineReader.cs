using System.Globalization;

namespace Tsds.Data.Containers;

/// <summary>Splits a file into lines, holding at most one block or one line of it.</summary>
internal sealed class LineReader : IRecordReader
{
    // Small enough for the cache, and for the heap of small objects: short files are opened by the thousand.
    private const int BlockSize = 1 << 16;

    private readonly UnpackedStream _file;
    private readonly int _maxLineBytes;
    private byte[] _buffer = new byte[BlockSize];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Initializes a new instance of the <see cref="LineReader"/> class.</summary>
    /// <param name="file">The file; stays the caller's.</param>
    /// <param name="maxLineBytes">The longest line to return, in bytes without its line feed.</param>
    public LineReader(UnpackedStream file, int maxLineBytes)
    {
        _file = file;
        _maxLineBytes = maxLineBytes;
    }

    /// <inheritdoc/>
    public string Unit => "line";

    /// <inheritdoc/>
    public long Number { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _file.BytesRead;

    /// <summary>Reads the next line.</summary>
    /// <param name="record">The line without its ending (LF or CR LF), and the first without a byte order mark; valid
    /// until the next call. Empty when the line is too long.</param>
    /// <param name="problem">The limit when the line was longer, and was passed over; else null.</param>
    /// <returns>False after the last line.</returns>
    /// <exception cref="InvalidDataException">The compressed data are damaged or end too early.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem)
    {
        bool isLine = TryReadLine(out record, out bool isTooLong);
        problem = isTooLong
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"expected a line of at most {_maxLineBytes} bytes, found a longer one"
            )
            : null;
        return isLine;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The stream stays the caller's.
    }

    private bool TryReadLine(out ReadOnlyMemory<byte> line, out bool isTooLong)
    {
        isTooLong = false;
        int scanned = 0;
        while (true)
        {
            int newline = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                int length = scanned + newline;
                isTooLong |= length > _maxLineBytes;
                line = Take(length, isTooLong);
                _start += length + 1;
                return true;
            }

            scanned = _end - _start;
            if (_isAtEnd)
            {
                isTooLong |= scanned > _maxLineBytes;
                bool isLine = scanned > 0 || isTooLong;
                line = isLine ? Take(scanned, isTooLong) : default;
                _start = _end;
                return isLine;
            }

            if (isTooLong || scanned > _maxLineBytes)
            {
                // What was read of the line is of no use any more; only its end is.
                isTooLong = true;
                _start = _end;
                scanned = 0;
            }

            Fill();
        }
    }

    private ReadOnlyMemory<byte> Take(int length, bool isTooLong)
    {
        Number++;
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, isTooLong ? 0 : length);
        if (Number == 1 && line.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            line = line[3..];
        }

        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, Math.Max(_maxLineBytes, BlockSize) + 1L));
        }

        int count = _file.Read(_buffer.AsSpan(_end));
        _end += count;
        _isAtEnd = count == 0;
    }
}
