using System.Text.Json;

namespace Tsds.Jobs.Export;

/// <summary>
/// The common structure of the values of one field in many rows: the schema for columns, and the first row that does
/// not fit it.
/// </summary>
internal sealed class JsonShape
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, JsonShape> _fields = new(StringComparer.Ordinal);
    private long _firstRow;

    /// <summary>Gets the kind of the values: null until one is not null. Both booleans count as true.</summary>
    public JsonValueKind Kind { get; private set; } = JsonValueKind.Null;

    /// <summary>Gets a value indicating whether all numbers are whole and fit 64 bits.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Gets the fields of objects, in the order in which they came up.</summary>
    public IReadOnlyList<string> FieldNames => _names;

    /// <summary>Gets the shape of the elements of lists.</summary>
    public JsonShape? Element { get; private set; }

    public JsonShape this[string field] => _fields[field];

    /// <summary>Adds the value of a row; returns what does not fit, or null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="row">The row's number, for messages.</param>
    /// <param name="place">Where the value stands, for messages.</param>
    /// <returns>
    /// Null, or what does not fit the rows before; then nothing was taken in at the place that did not fit.
    /// </returns>
    public string? Add(JsonElement value, long row, string place)
    {
        JsonValueKind kind = value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
        if (kind == JsonValueKind.Null)
        {
            return null;
        }

        if (Kind == JsonValueKind.Null)
        {
            (Kind, _firstRow) = (kind, row);
        }
        else if (Kind != kind)
        {
            return $"expected {place} to be {NameOf(Kind)} as in line {_firstRow}, found {NameOf(kind)}";
        }

        switch (kind)
        {
            case JsonValueKind.Number:
                IsWhole &= value.TryGetInt64(out _);
                return null;
            case JsonValueKind.Array:
                Element ??= new JsonShape();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (Element.Add(item, row, place + "[]") is { } problem)
                    {
                        return problem;
                    }
                }

                return null;
            case JsonValueKind.Object:
                return AddFields(value, row, place);
            default:
                return null;
        }
    }

    private string? AddFields(JsonElement value, long row, string place)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (!_fields.TryGetValue(property.Name, out JsonShape? field))
            {
                field = new JsonShape();
                _fields.Add(property.Name, field);
                _names.Add(property.Name);
            }

            if (
                field.Add(property.Value, row, place.Length == 0 ? property.Name : $"{place}.{property.Name}") is
                { } problem
            )
            {
                return problem;
            }
        }

        return null;
    }

    private static string NameOf(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True => "a boolean",
            JsonValueKind.Array => "a list",
            _ => "an object",
        };
}
