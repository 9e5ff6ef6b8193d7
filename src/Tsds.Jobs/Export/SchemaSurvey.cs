using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>
/// The properties of a selection that determine its layout: the schemas of its rows, and whether any row uses more than
/// plain fields.
/// </summary>
internal sealed class SchemaSurvey
{
    private readonly SortedDictionary<RowSchema, long> _rows = [];
    private string[]? _names;

    /// <summary>Gets the schemas and how many rows have each.</summary>
    public IReadOnlyDictionary<RowSchema, long> Rows => _rows;

    /// <summary>
    /// Gets a value indicating whether all rows have the same fields: columns that only some have break readers that
    /// infer them from the first rows.
    /// </summary>
    public bool HasSameFields { get; private set; } = true;

    /// <summary>Gets a value indicating whether a row has an input beside question and answer.</summary>
    public bool HasInput { get; private set; }

    /// <summary>
    /// Gets a value indicating whether a row has a system prompt or a history beside question and answer.
    /// </summary>
    public bool HasSystemOrHistory { get; private set; }

    /// <summary>Gets a value indicating whether a row describes tools.</summary>
    public bool HasTools { get; private set; }

    /// <summary>Gets a value indicating whether all prompts and answers are strings, none a list of messages.</summary>
    public bool IsStrings { get; private set; } = true;

    /// <summary>Gets the name of the field that holds the messages; null if it differs between rows.</summary>
    public string? MessagesField { get; private set; }

    /// <summary>Surveys all rows.</summary>
    public static SchemaSurvey Of(IEnumerable<SelectedRow> rows)
    {
        SchemaSurvey survey = new();
        foreach (SelectedRow row in rows)
        {
            survey.Add(row);
        }

        return survey;
    }

    private void Add(SelectedRow row)
    {
        bool isFirst = _rows.Count == 0;
        _rows[row.Schema] = _rows.GetValueOrDefault(row.Schema) + 1;
        string[] names = [.. row.Json.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)];
        _names ??= names;
        HasSameFields &= names.AsSpan().SequenceEqual(_names);
        HasTools |= HasContent(row.Json, "tools");
        HasInput |= HasContent(row.Json, "input");
        HasSystemOrHistory |= HasContent(row.Json, "system") || HasContent(row.Json, "history");
        foreach (string name in new[] { "prompt", "completion", "chosen", "rejected" })
        {
            IsStrings &=
                !row.Json.TryGetProperty(name, out JsonElement value)
                || value.ValueKind is JsonValueKind.String or JsonValueKind.Null;
        }

        string? messages = SelectedRow.MessagesField(row.Json, row.Schema);
        MessagesField = isFirst || MessagesField == messages ? messages : null;
    }

    private static bool HasContent(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value)
        && value.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.String => value.GetString()!.Length > 0,
            JsonValueKind.Array => value.GetArrayLength() > 0,
            _ => true,
        };
}
