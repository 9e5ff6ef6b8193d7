using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>Writes a specification into a larger record, and reads it from there.</summary>
internal sealed class SelectionSpecConverter : JsonConverter<SelectionSpec>
{
    /// <inheritdoc/>
    public override SelectionSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SpecJson.Read(
            JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("expected an object in 'spec'")
        );

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SelectionSpec value, JsonSerializerOptions options) =>
        SpecJson.Write(writer, value);
}
