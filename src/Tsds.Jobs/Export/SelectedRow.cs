using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>One row of <c>selected.jsonl</c>.</summary>
/// <param name="Number">Its line, from 1.</param>
/// <param name="Utf8">The line.</param>
/// <param name="Json">The object in it.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="List">The name of its list of turns, where the schema has one.</param>
/// <param name="Conversation">What it says, where the schema holds turns; else null.</param>
internal sealed record SelectedRow(
    long Number,
    byte[] Utf8,
    JsonElement Json,
    RowSchema Schema,
    string List,
    Conversation? Conversation
)
{
    /// <summary>Gets the reason for which no trainer can be given the row, whatever it says; or null.</summary>
    public string? Problem { get; private init; }

    /// <summary>Reads a selection row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How the selection read its rows.</param>
    /// <exception cref="InvalidDataException">A line is not a row.</exception>
    public static IEnumerable<SelectedRow> Read(string path, RowReaderOptions options)
    {
        using RowFile file = new(path, path, RowReader.LongestRow);
        RowParser parser = new(options);
        while (file.TryRead(out ReadOnlyMemory<byte> line, out string? problem))
        {
            if (problem is null && RowPass.IsBlank(line.Span))
            {
                continue;
            }

            byte[] utf8 = line.ToArray();
            if (problem is not null || !parser.TryScan(utf8))
            {
                throw NotARow(path, file.Number, problem ?? parser.Problem);
            }

            using JsonDocument document = JsonDocument.Parse(utf8);
            if (!parser.TryFindSchema(utf8, out RowSchema schema, out string list))
            {
                throw NotARow(path, file.Number, parser.Problem);
            }

            yield return Of(file.Number, utf8, document.RootElement, schema, list);
        }
    }

    /// <summary>Returns a row with what it says.</summary>
    /// <param name="number">Its line.</param>
    /// <param name="utf8">The line.</param>
    /// <param name="json">The object in it.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="list">The name of its list of turns, where the schema has one.</param>
    public static SelectedRow Of(long number, byte[] utf8, JsonElement json, RowSchema schema, string list)
    {
        bool holdsTurns = schema is not (RowSchema.TextField or RowSchema.Text or RowSchema.Pretokenized);
        string? problem = WholeText.IsWhole(utf8) ? null : WholeText.Problem;
        Conversation? conversation =
            !holdsTurns ? null
            : problem is null ? ConversationReader.Read(json, schema, list)
            : new Conversation { Problem = problem };
        return new SelectedRow(number, utf8, json, schema, list, conversation) { Problem = problem };
    }

    private static InvalidDataException NotARow(string path, long line, string problem) =>
        new(
            $"{path}, line {line}: {problem}; make the selection again, because a trainer would not know what to read."
        );

    /// <summary>Returns the text of a named field; dots lead into objects.</summary>
    /// <param name="row">The row.</param>
    /// <param name="textField">The field.</param>
    /// <returns>The text, or null where there is none.</returns>
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
}
