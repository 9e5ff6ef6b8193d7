using System.Globalization;
using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>Reads the objects of a JSON file: the elements of an array, or values that follow one another.</summary>
/// <remarks>
/// Bytes are passed on unchanged except for line breaks between tokens, which would end the row. What is not JSON ends
/// the file, since nothing marks the beginning of the next object.
/// </remarks>
internal sealed class JsonRecordReader : IRecordReader
{
    private const int BlockSize = 1 << 16;

    private readonly UnpackedStream _file;
    private readonly string _name;
    private readonly int _maxRowBytes;
    private byte[] _buffer = new byte[BlockSize];
    private JsonReaderState _state = new(
        FieldTable.ReaderOptions with
        {
            MaxDepth = FieldTable.MaxDepth + 1,
            AllowMultipleValues = true,
        }
    );
    private int _start;
    private int _end;
    private bool _isInArray;
    private bool _isBegun;
    private bool _isAtEnd;

    /// <summary>Initializes a new instance of the <see cref="JsonRecordReader"/> class.</summary>
    /// <param name="file">The file; stays the caller's.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="maxRowBytes">The longest object to return, in bytes as they are in the file.</param>
    public JsonRecordReader(UnpackedStream file, string name, int maxRowBytes)
    {
        _file = file;
        _name = name;
        _maxRowBytes = maxRowBytes;
    }

    /// <inheritdoc/>
    public string Unit => "row";

    /// <inheritdoc/>
    public long Number { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _file.BytesRead;

    /// <inheritdoc/>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem)
    {
        problem = null;
        while (true)
        {
            try
            {
                if (TryTake(out record))
                {
                    return true;
                }
            }
            catch (JsonException e)
            {
                throw Broken(e);
            }

            if (_isAtEnd)
            {
                return false;
            }

            Fill();
        }
    }

    /// <summary>Removes the line breaks from a JSON value in place.</summary>
    /// <param name="value">The value. Within its strings line breaks are escaped: those that are bytes lie between
    /// tokens, and mean nothing.</param>
    /// <returns>The number of bytes left.</returns>
    public static int RemoveLineBreaks(Span<byte> value)
    {
        int written = value.IndexOfAny((byte)'\n', (byte)'\r');
        if (written < 0)
        {
            return value.Length;
        }

        for (int i = written; i < value.Length; i++)
        {
            if (value[i] is not ((byte)'\n' or (byte)'\r'))
            {
                value[written++] = value[i];
            }
        }

        return written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The stream stays the caller's.
    }

    /// <summary>
    /// Reads the next object if the buffer contains all of it. If not, the next attempt starts at the same place.
    /// </summary>
    private bool TryTake(out ReadOnlyMemory<byte> record)
    {
        record = default;
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
            if (!reader.Read())
            {
                return false;
            }

            bool isEdge =
                reader.CurrentDepth == 0
                && (
                    _isInArray
                        ? reader.TokenType == JsonTokenType.EndArray
                        : reader.TokenType == JsonTokenType.StartArray
                );
            int first = (int)reader.TokenStartIndex;
            if (!isEdge && !reader.TrySkip())
            {
                return false;
            }

            int begin = _start + first;
            int count = (int)reader.BytesConsumed - first;
            _start += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            if (isEdge)
            {
                _isInArray = !_isInArray;
                continue;
            }

            Number++;
            record = _buffer.AsMemory(begin, RemoveLineBreaks(_buffer.AsSpan(begin, count)));
            return true;
        }
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
            if (_end > _maxRowBytes)
            {
                throw new InvalidDataException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{_name}, row {Number + 1}: expected an object of at most {_maxRowBytes} bytes, "
                            + $"found a longer one."
                    )
                );
            }

            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, Math.Max(_maxRowBytes, BlockSize) + 1L));
        }

        int count = _file.Read(_buffer.AsSpan(_end));
        _end += count;
        _isAtEnd = count == 0;
        if (!_isBegun && (_end >= 3 || _isAtEnd))
        {
            _isBegun = true;
            _start = _buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        }
    }

    private InvalidDataException Broken(JsonException e)
    {
        string line = ((e.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
        string column = ((e.BytePositionInLine ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
        return new InvalidDataException(
            $"{_name}, row {Number + 1}: expected JSON, found an error in line {line} at byte {column}: "
                + $"{JsonErrors.ReasonOf(e)}. "
                + "Correct it; if the file has one object a line, give it a name that ends in .jsonl, where "
                + "broken rows can be left out.",
            e
        );
    }
}
