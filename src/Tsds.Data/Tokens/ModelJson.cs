using System.Text.Json;

namespace Tsds.Data.Tokens;

/// <summary>Reads the JSON files of a model.</summary>
internal static class ModelJson
{
    /// <summary>Reads a file, or returns null if it does not exist.</summary>
    /// <returns>Its root, or null if there is no such file.</returns>
    /// <exception cref="InvalidDataException">It is not JSON.</exception>
    public static JsonElement? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"Expected JSON in {path}, found something else: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>Returns a member, or null if it is missing or null.</summary>
    public static JsonElement? Member(this JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } known
        && known.TryGetProperty(name, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool? Flag(this JsonElement? element, string name) =>
        element.Member(name) switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => null,
        };

    public static double? Number(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public static IEnumerable<JsonElement> Items(this JsonElement? element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];
}
