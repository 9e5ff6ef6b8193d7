using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes a list of strings; reads one string alone as a list of one, as the first manifests had it.</summary>
internal sealed class WordListConverter : JsonConverter<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [reader.GetString()!];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        List<string> words = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            words.Add(reader.GetString()!);
        }

        return reader.TokenType == JsonTokenType.EndArray ? words : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string word in value)
        {
            writer.WriteStringValue(word);
        }

        writer.WriteEndArray();
    }
}
