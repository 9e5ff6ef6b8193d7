using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>Writes a setting that the data may choose as a number, or as the word <c>auto</c>.</summary>
internal sealed class AutomaticNumberConverter : JsonConverter<double?>
{
    private const string Automatic = "auto";

    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override double? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDouble();
        }

        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text == Automatic ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw new JsonException($"expected a number or {Automatic}, found '{text}'");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(Automatic);
        }
    }
}
