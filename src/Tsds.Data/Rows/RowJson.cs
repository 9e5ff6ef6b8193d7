using System.Text;
using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>Reads the fields of a row that has been parsed.</summary>
internal static class RowJson
{
    /// <summary>Determines whether a field has a value: not null, not an empty string or list.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The field; of content and value an empty string or list counts too.</param>
    /// <param name="value">Receives the value.</param>
    public static bool HasContent(JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value)
        && value.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.String => name is "content" or "value" || value.GetString()!.Length > 0,
            JsonValueKind.Array => name is "content" or "value" || value.GetArrayLength() > 0,
            _ => true,
        };

    /// <summary>Returns a string field.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The field.</param>
    /// <returns>Its text, or null where it is missing or no string.</returns>
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Parses JSON text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">Receives the value.</param>
    /// <returns>False when the text is not JSON, or has half of a character in an escape.</returns>
    public static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = Parse(text);
            return WholeText.IsWhole(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Parses JSON text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Returns the word for the kind of a value, for messages.</summary>
    /// <param name="value">The value.</param>
    public static string NameOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null or JsonValueKind.Undefined => "null",
            _ => "a boolean",
        };

    /// <summary>Returns the text of a value that is a string; that of null is empty.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="UnreadableTurnException">The value is something else.</exception>
    public static string TextOf(JsonElement value, string place) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Null => "",
            _ => throw new UnreadableTurnException($"expected {place} to be a string, found {NameOf(value)}"),
        };
}
