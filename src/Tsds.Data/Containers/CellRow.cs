using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Tsds.Data.Containers;

/// <summary>Writes the cells of a row of a table as an object with the header's names.</summary>
/// <remarks>A cell of a column that holds lists, such as <c>messages</c>, is taken as JSON when it is JSON.</remarks>
internal sealed class CellRow : IDisposable
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

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText[] _names;
    private readonly CellKind[] _kinds;
    private int _next;
    private string? _problem;

    /// <summary>Initializes the row of a table.</summary>
    /// <param name="headers">The names of its columns.</param>
    /// <param name="name">The file, for messages.</param>
    /// <exception cref="InvalidDataException">Two columns have the same name, or one is not in UTF-8.</exception>
    public CellRow(IReadOnlyList<string> headers, string name)
    {
        string? twice = headers
            .GroupBy(header => header, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1)
            ?.Key;
        if (twice is not null)
        {
            throw new InvalidDataException($"{name}: expected a header with different names, found '{twice}' twice.");
        }

        if (headers.Any(header => header.Contains('\uFFFD')))
        {
            throw new InvalidDataException($"{name}: expected a header in UTF-8, found bytes that are not.");
        }

        _json = new Utf8JsonWriter(_output, WriterOptions);
        _kinds =
        [
            .. headers.Select(header =>
                Lists.Contains(header) ? CellKind.List
                : TextsOrLists.Contains(header) ? CellKind.TextOrList
                : CellKind.Text
            ),
        ];
        _names =
        [
            .. headers.Select(header => JsonEncodedText.Encode(header, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)),
        ];
    }

    private enum CellKind
    {
        Text,
        List,
        TextOrList,
    }

    /// <summary>Gets the row as JSON, once it has ended without a problem; valid until the next begins.</summary>
    public ReadOnlyMemory<byte> Json => _output.WrittenMemory;

    /// <summary>Begins the next row.</summary>
    public void Begin()
    {
        _output.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _next = 0;
        _problem = null;
    }

    /// <summary>Adds a cell.</summary>
    /// <param name="cell">What stands in it.</param>
    public void Add(ReadOnlySpan<byte> cell)
    {
        int column = _next++;
        if (column >= _names.Length || _problem is not null)
        {
            return;
        }

        if (!Utf8.IsValid(cell))
        {
            _problem = $"expected UTF-8 in the column {_names[column]}, found bytes that are not";
            return;
        }

        if (_kinds[column] != CellKind.Text && cell.StartsWith("[{'"u8))
        {
            _problem =
                $"expected the column {_names[column]} to hold JSON, found a list as Python prints it; write it with "
                + "json.dumps";
            return;
        }

        _json.WritePropertyName(_names[column]);
        if (_kinds[column] == CellKind.Text || !IsList(cell, _kinds[column] == CellKind.TextOrList))
        {
            _json.WriteStringValue(cell);
        }
        else
        {
            _json.WriteRawValue(WithoutLineBreaks(cell), skipInputValidation: true);
        }
    }

    /// <summary>Ends the row.</summary>
    /// <returns>Null, or what was expected and found.</returns>
    public string? End()
    {
        if (_next != _names.Length)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"expected {_names.Length} cells, as in the header, found {_next}"
            );
        }

        if (_problem is null)
        {
            _json.WriteEndObject();
            _json.Flush();
        }

        return _problem;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

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
