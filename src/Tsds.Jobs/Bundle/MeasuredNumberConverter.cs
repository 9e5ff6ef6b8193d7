using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes a number that may be absent: null in a file is NaN, measured and not to be had; what was not measured is not
/// in the file.
/// </summary>
/// <remarks>The member that it is for is ignored when it is null.</remarks>
internal sealed class MeasuredNumberConverter : JsonConverter<double?>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override double? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
