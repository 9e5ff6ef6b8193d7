using System.Text.Json;

namespace Tsds.Data.Files;

/// <summary>
/// Writes what JSON's writer leaves to its callers: lists, and numbers that may be missing or that JSON cannot hold.
/// </summary>
internal static class JsonValues
{
    /// <summary>Writes a number, or null where it is infinite, NaN or missing.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes a whole number, or null where it is missing.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes a list of objects.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="name">The name of the list.</param>
    /// <param name="items">What it lists.</param>
    /// <param name="writeProperties">Writes the properties of an item.</param>
    public static void WriteObjects<T>(
        this Utf8JsonWriter json,
        string name,
        IEnumerable<T> items,
        Action<T> writeProperties
    )
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            writeProperties(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a list of strings.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
