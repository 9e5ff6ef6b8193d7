using System.Text;
using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>Finds the requested top-level fields of a row without building a document of the others.</summary>
internal sealed class FieldTable
{
    /// <summary>
    /// The largest nesting of a row, far beyond any format, which bounds the work that a hostile row can cause.
    /// </summary>
    public const int MaxDepth = 256;

    private const int MaxDescribedFields = 20;

    private readonly List<byte[]> _names = [];
    private FieldValue[] _values = [];

    /// <summary>Gets the reader options for every row and every part of one.</summary>
    public static JsonReaderOptions ReaderOptions => new() { MaxDepth = MaxDepth };

    /// <summary>Gets the value of a field in the row scanned last.</summary>
    /// <param name="slot">The field's slot.</param>
    public FieldValue this[int slot] => _values[slot];

    /// <summary>Requests a field.</summary>
    /// <param name="name">The field's name.</param>
    /// <returns>Its slot; the same for the same name.</returns>
    public int Add(string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        int slot = _names.FindIndex(known => known.AsSpan().SequenceEqual(utf8));
        if (slot < 0)
        {
            slot = _names.Count;
            _names.Add(utf8);
            Array.Resize(ref _values, _names.Count);
        }

        return slot;
    }

    /// <summary>
    /// Scans a row to its end and records where the requested fields are; of a field that appears twice, the last.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="found">What the row is when it is not an object.</param>
    /// <returns>False when the row is not an object.</returns>
    /// <exception cref="JsonException">The row is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A field's name has an escaped half of a surrogate pair.</exception>
    public bool TryScan(ReadOnlySpan<byte> row, out JsonTokenType found)
    {
        Array.Clear(_values);
        var reader = new Utf8JsonReader(row, ReaderOptions);
        reader.Read();
        found = reader.TokenType;
        if (found != JsonTokenType.StartObject)
        {
            // Read on, so that a broken row is called broken and not merely of the wrong kind.
            reader.Skip();
            reader.Read();
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int slot = SlotOf(ref reader);
            reader.Read();
            JsonTokenType kind = reader.TokenType;
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (slot >= 0)
            {
                _values[slot] = new FieldValue(kind, start, (int)reader.BytesConsumed - start);
            }
        }

        // Anything after the closing brace is refused by this call.
        reader.Read();
        return true;
    }

    /// <summary>Opens a reader at a value of the row.</summary>
    /// <param name="row">The row scanned last.</param>
    /// <param name="value">The value.</param>
    /// <returns>The reader, standing at the value's first token.</returns>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> row, FieldValue value)
    {
        var reader = new Utf8JsonReader(row.Slice(value.Start, value.Length), ReaderOptions);
        reader.Read();
        return reader;
    }

    /// <summary>Returns the fields of a row and their kinds, for a message.</summary>
    /// <param name="row">A row that was scanned without error.</param>
    /// <returns>Such as <c>id (number), body (string)</c>.</returns>
    public static string Describe(ReadOnlySpan<byte> row)
    {
        var reader = new Utf8JsonReader(row, ReaderOptions);
        reader.Read();
        var fields = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            fields.Add($"{Shorten(name)} ({NameOf(reader.TokenType)})");
            reader.Skip();
        }

        string text = string.Join(", ", fields.Take(MaxDescribedFields));
        return fields.Count switch
        {
            0 => "no fields",
            > MaxDescribedFields => $"{text} and {fields.Count - MaxDescribedFields} more",
            _ => text,
        };
    }

    /// <summary>Returns the name of a kind of value in JSON.</summary>
    /// <param name="kind">The value's first token.</param>
    /// <returns>Such as <c>string</c>.</returns>
    public static string NameOf(JsonTokenType kind) =>
        kind switch
        {
            JsonTokenType.None => "nothing",
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.String => "string",
            JsonTokenType.Number => "number",
            JsonTokenType.Null => "null",
            _ => "boolean",
        };

    private static string Shorten(string name) => name.Length <= 40 ? name : string.Concat(name.AsSpan(0, 40), "...");

    private int SlotOf(ref Utf8JsonReader reader)
    {
        for (int slot = 0; slot < _names.Count; slot++)
        {
            if (
                reader.ValueIsEscaped
                    ? reader.ValueTextEquals(_names[slot])
                    : reader.ValueSpan.SequenceEqual(_names[slot])
            )
            {
                return slot;
            }
        }

        return -1;
    }
}
