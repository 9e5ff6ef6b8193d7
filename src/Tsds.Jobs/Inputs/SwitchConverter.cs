using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>Writes a switch as the command line spells it: "on" or "off".</summary>
internal sealed class SwitchConverter : JsonConverter<bool>
{
    /// <inheritdoc/>
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString() switch
            {
                "on" => true,
                "off" => false,
                string word => throw new JsonException($"expected on or off, found '{word}'"),
                null => throw new JsonException("expected on or off, found null"),
            }
            : throw new JsonException("expected on or off");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value ? "on" : "off");
}
