using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>One row of <c>selected.jsonl</c>.</summary>
/// <param name="Number">Its line, from 1.</param>
/// <param name="Utf8">The line.</param>
/// <param name="Json">The object in it.</param>
/// <param name="Schema">Its schema.</param>
internal sealed record SelectedRow(long Number, byte[] Utf8, JsonElement Json, RowSchema Schema)
{
    /// <summary>Reads a selection row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textField">The field that the selection took as text, or null.</param>
    /// <exception cref="InvalidDataException">A line is not a row.</exception>
    public static IEnumerable<SelectedRow> Read(string path, string? textField)
    {
        using RowFile file = new(path, path, RowReader.LongestRow);
        while (file.TryRead(out ReadOnlyMemory<byte> line, out string? problem))
        {
            if (problem is null && RowPass.IsBlank(line.Span))
            {
                continue;
            }

            byte[] utf8 = line.ToArray();
            using JsonDocument document = Parse(path, file.Number, utf8);
            yield return new SelectedRow(
                file.Number,
                utf8,
                document.RootElement,
                SchemaOf(path, file.Number, document.RootElement, textField)
            );
        }
    }

    /// <summary>
    /// Returns the name of the field with the messages of a row: that of the schema, or else the only one of this form.
    /// </summary>
    /// <returns>The name of the field, or null.</returns>
    public static string? MessagesField(JsonElement row, RowSchema schema)
    {
        string usual = schema == RowSchema.ChatMl ? "messages" : "conversations";
        if (row.TryGetProperty(usual, out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            return usual;
        }

        return row.EnumerateObject()
            .Where(field => SchemaOfMessages(field.Value) == schema)
            .Select(field => field.Name)
            .FirstOrDefault();
    }

    private static JsonDocument Parse(string path, long line, byte[] utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8);
        }
        catch (JsonException)
        {
            throw new InvalidDataException(
                $"{path}, line {line}: expected a JSON object, found something else; make the selection again."
            );
        }
    }

    private static RowSchema SchemaOf(string path, long line, JsonElement row, string? textField)
    {
        bool Has(string name) =>
            row.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException(
                $"{path}, line {line}: expected a JSON object, found something else; make the selection again."
            );
        }

        if (textField is not null && TextOf(row, textField) is not null)
        {
            return RowSchema.TextField;
        }

        RowSchema? chat =
            Has("messages") ? RowSchema.ChatMl
            : Has("conversations") ? RowSchema.ShareGpt
            : null;
        chat ??=
            Has("chosen") && Has("rejected") ? RowSchema.Preference
            : Has("instruction") && Has("output") ? RowSchema.Alpaca
            : Has("prompt") && Has("completion") ? RowSchema.PromptCompletion
            : Has("query") && Has("response") ? RowSchema.QueryResponse
            : row.EnumerateObject()
                .Select(field => SchemaOfMessages(field.Value))
                .FirstOrDefault(schema => schema is not null);
        return chat
            ?? (
                Has("text") ? RowSchema.Text
                : Has("input_ids") ? RowSchema.Pretokenized
                : throw new InvalidDataException(
                    $"{path}, line {line}: expected a row of a known schema ({RowSchemas.Names}), found "
                        + $"none; a trainer would not know what to read either."
                )
            );
    }

    /// <summary>Returns the text of a named field; dots lead into objects.</summary>
    public static string? TextOf(JsonElement row, string textField)
    {
        if (row.TryGetProperty(textField, out JsonElement value))
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }

        value = row;
        foreach (string name in textField.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static RowSchema? SchemaOfMessages(JsonElement value)
    {
        if (
            value.ValueKind != JsonValueKind.Array
            || value.GetArrayLength() == 0
            || value[0].ValueKind != JsonValueKind.Object
        )
        {
            return null;
        }

        JsonElement first = value[0];
        return first.TryGetProperty("role", out _)
            && (first.TryGetProperty("content", out _) || first.TryGetProperty("tool_calls", out _))
                ? RowSchema.ChatMl
            : first.TryGetProperty("from", out _) && first.TryGetProperty("value", out _) ? RowSchema.ShareGpt
            : null;
    }
}
