using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CsvHelper;

namespace Tsds.Data.Containers;

/// <summary>
/// Reads the records of a table of cells, each as an object with the header's names and the cells as strings.
/// </summary>
/// <remarks>A cell of a column that holds lists, such as <c>messages</c>, is taken as JSON when it is JSON.</remarks>
internal sealed class CsvRecordReader : IRecordReader
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Always lists, so that any array will do; and texts that may be lists of messages, where only such a list will.
    private static readonly string[] Lists =
    [
        "messages",
        "conversations",
        "texts",
        "history",
        "input_ids",
        "attention_mask",
        "labels",
    ];
    private static readonly string[] TextsOrLists = ["prompt", "completion", "chosen", "rejected"];

    private readonly UnpackedStream _file;
    private readonly string _name;
    private readonly int _maxRowBytes;
    private readonly CsvReader _reader;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Utf8JsonWriter _json;
    private JsonEncodedText[]? _names;
    private CellKind[] _kinds = [];
    private CsvMalformedReason? _malformed;

    /// <summary>Initializes a new instance of the <see cref="CsvRecordReader"/> class.</summary>
    /// <param name="file">The file; stays the caller's.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="separator">What separates cells.</param>
    /// <param name="maxRowBytes">The longest record to return, in bytes.</param>
    public CsvRecordReader(UnpackedStream file, string name, char separator, int maxRowBytes)
    {
        _file = file;
        _name = name;
        _maxRowBytes = maxRowBytes;
        _json = new Utf8JsonWriter(_output, WriterOptions);
        _reader = CsvReader.Create(
            file,
            new CsvReaderOptions
            {
                Separator = separator,
                DetectSeparatorHint = false,
                MaxRecordSize = maxRowBytes,
                OnMalformedRecord = record => _malformed = record.Reason,
            },
            leaveOpen: true
        );
    }

    private enum CellKind
    {
        Text,
        List,
        TextOrList,
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
        record = default;
        problem = null;
        try
        {
            _names ??= ReadHeader();
            _malformed = null;
            if (!_reader.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_name}, row {Number + 1}: expected a table of cells, each row of at most "
                        + $"{_maxRowBytes} bytes, found an error: {e.Message.TrimEnd('.')}."
                )
            );
        }

        Number++;
        if (_malformed == CsvMalformedReason.UnterminatedQuote)
        {
            // It reaches to the end of the file, whether the quote or the rest of the file is what is missing.
            throw new InvalidDataException(
                $"{_name}, row {Number}: expected a closing quote, found the end of the file. Correct the "
                    + $"cell, or fetch the file again."
            );
        }

        problem = Render();
        record = problem is null ? _output.WrittenMemory : default;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _json.Dispose();
    }

    private JsonEncodedText[] ReadHeader()
    {
        IReadOnlyList<string> headers = _reader.Headers;
        string? twice = headers
            .GroupBy(header => header, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1)
            ?.Key;
        if (twice is not null)
        {
            throw new InvalidDataException($"{_name}: expected a header with different names, found '{twice}' twice.");
        }

        if (headers.Any(header => header.Contains('\uFFFD')))
        {
            throw new InvalidDataException($"{_name}: expected a header in UTF-8, found bytes that are not.");
        }

        _kinds =
        [
            .. headers.Select(header =>
                Lists.Contains(header) ? CellKind.List
                : TextsOrLists.Contains(header) ? CellKind.TextOrList
                : CellKind.Text
            ),
        ];
        return
        [
            .. headers.Select(header => JsonEncodedText.Encode(header, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)),
        ];
    }

    private string? Render()
    {
        if (_reader.FieldCount != _names!.Length)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"expected {_names.Length} cells, as in the header, found {_reader.FieldCount}"
            );
        }

        _output.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        for (int i = 0; i < _names.Length; i++)
        {
            ReadOnlySpan<byte> cell = _reader.GetSpan(i);
            if (!Utf8.IsValid(cell))
            {
                return $"expected UTF-8 in the column {_names[i]}, found bytes that are not";
            }

            _json.WritePropertyName(_names[i]);
            if (_kinds[i] != CellKind.Text && IsList(cell, _kinds[i] == CellKind.TextOrList))
            {
                _json.WriteRawValue(WithoutLineBreaks(cell), skipInputValidation: true);
            }
            else
            {
                _json.WriteStringValue(cell);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        return null;
    }

    private static bool IsList(ReadOnlySpan<byte> cell, bool mustBeOfObjects)
    {
        int first = cell.IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0 || cell[first] != '[')
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(cell, FieldTable.ReaderOptions);
            reader.Read();
            reader.Read();
            bool isOfObjects = reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read()) { }

            return isOfObjects || !mustBeOfObjects;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> WithoutLineBreaks(ReadOnlySpan<byte> value)
    {
        if (!value.ContainsAny((byte)'\n', (byte)'\r'))
        {
            return value;
        }

        byte[] line = value.ToArray();
        return line.AsSpan(0, JsonRecordReader.RemoveLineBreaks(line));
    }
}
