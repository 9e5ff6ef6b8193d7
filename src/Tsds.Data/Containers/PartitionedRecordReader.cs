using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>
/// Adds the columns of the folders that a table lies in to each of its rows, behind those of the table.
/// </summary>
/// <remarks>A column that the table has itself is left as it is.</remarks>
internal sealed class PartitionedRecordReader(
    IRecordReader records,
    IReadOnlyList<(string Name, string? Value)> partitions
) : IRecordReader
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ArrayBufferWriter<byte> _row = new();
    private byte[]? _fields;

    /// <inheritdoc/>
    public string Unit => records.Unit;

    /// <inheritdoc/>
    public long Number => records.Number;

    /// <inheritdoc/>
    public long BytesRead => records.BytesRead;

    /// <inheritdoc/>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem)
    {
        if (!records.TryRead(out record, out problem))
        {
            return false;
        }

        if (problem is not null)
        {
            return true;
        }

        // All rows of a table have the same columns.
        _fields ??= FieldsBeside(record.Span);
        if (_fields.Length > 0)
        {
            bool isEmpty = record.Length == "{}".Length;
            _row.ResetWrittenCount();
            _row.Write(record.Span[..^1]);
            _row.Write(isEmpty ? _fields.AsSpan(1) : _fields);
            _row.Write("}"u8);
            record = _row.WrittenMemory;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => records.Dispose();

    /// <summary>Returns what is added before the last brace of a row, with the comma before it.</summary>
    private byte[] FieldsBeside(ReadOnlySpan<byte> row)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(row, FieldTable.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(reader.GetString()!);
            reader.Read();
            reader.Skip();
        }

        ArrayBufferWriter<byte> fields = new();
        using Utf8JsonWriter json = new(fields, WriterOptions);
        json.WriteStartObject();
        foreach ((string name, string? value) in partitions.Where(column => !names.Contains(column.Name)))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.Flush();
        ReadOnlySpan<byte> written = fields.WrittenSpan[1..^1];
        return written.IsEmpty ? [] : [(byte)',', .. written];
    }
}
