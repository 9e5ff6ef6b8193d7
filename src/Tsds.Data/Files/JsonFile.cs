using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tsds.Data.Files;

/// <summary>Writes records as JSON for people: UTF-8, with no more escapes than a reader needs.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Line with { Indented = true };

    /// <summary>Writes a record to a new file.</summary>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="value">The record.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="isIndented">True if each member stands on a line of its own.</param>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type, bool isIndented = true)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        Write(stream, value, type, isIndented);
    }

    /// <summary>Writes a record to a stream, which stays open.</summary>
    /// <param name="stream">Receives the JSON.</param>
    /// <param name="value">The record.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="isIndented">True if each member stands on a line of its own.</param>
    public static void Write<T>(Stream stream, T value, JsonTypeInfo<T> type, bool isIndented = true)
    {
        using Utf8JsonWriter json = new(stream, isIndented ? Indented : Line);
        JsonSerializer.Serialize(json, value, type);
    }

    /// <summary>Returns the text of a record, indented as in a file.</summary>
    /// <param name="value">The record.</param>
    /// <param name="type">How it is written.</param>
    public static string ToText<T>(T value, JsonTypeInfo<T> type)
    {
        using MemoryStream stream = new();
        Write(stream, value, type);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file, which may be at an address.</param>
    /// <param name="type">How it was written.</param>
    /// <exception cref="JsonException">The file is not JSON, or lacks something.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : class =>
        JsonSerializer.Deserialize(File.ReadAllBytes(FileSources.Localize(path)), type)
        ?? throw new JsonException($"Expected an object in {path}, found null.");
}
