using System.Text;
using System.Text.Json;
using Tsds.Data.Containers;

namespace Tsds.Jobs.Inspect;

/// <summary>Counts, for each top-level field, the rows in which it is empty.</summary>
internal sealed class EmptyFieldCounter
{
    private const int MaxFields = 1000;

    private readonly List<(byte[] Name, long Count)> _fields = [];

    /// <summary>Gets the number of rows by field, in the order in which the fields were first empty.</summary>
    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            var counts = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach ((byte[] name, long count) in _fields)
            {
                // Two spellings of one name in escapes, or broken ones, may come out alike.
                string text = Encoding.UTF8.GetString(name);
                counts[text] = counts.GetValueOrDefault(text) + count;
            }

            return counts;
        }
    }

    /// <summary>Counts the fields of a row.</summary>
    /// <param name="row">A row that the reader accepted.</param>
    public void Add(ReadOnlySpan<byte> row)
    {
        var reader = new Utf8JsonReader(row, FieldTable.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            reader.Read();
            JsonTokenType kind = reader.TokenType;
            long start = reader.TokenStartIndex;
            bool isEmpty = kind == JsonTokenType.Null || (kind == JsonTokenType.String && IsBlank(reader.ValueSpan));
            reader.Skip();
            if (kind is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                isEmpty = IsBlank(row[(int)(start + 1)..(int)(reader.BytesConsumed - 1)]);
            }

            if (isEmpty)
            {
                Count(name);
            }
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(" \t\r\n"u8);

    private void Count(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            if (name.SequenceEqual(_fields[i].Name))
            {
                _fields[i] = (_fields[i].Name, _fields[i].Count + 1);
                return;
            }
        }

        if (_fields.Count < MaxFields)
        {
            _fields.Add((name.ToArray(), 1));
        }
    }
}
