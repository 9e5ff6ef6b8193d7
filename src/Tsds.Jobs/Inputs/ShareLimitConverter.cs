using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>Writes a cap or a floor as a user states it, such as <c>web=40%</c>.</summary>
internal sealed class ShareLimitConverter : JsonConverter<ShareLimit>
{
    /// <inheritdoc/>
    public override ShareLimit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? "";
        return ShareLimit.TryParse(text, out ShareLimit? limit)
            ? limit!
            : throw new JsonException($"expected a name and its share such as web=40%, found '{text}'");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ShareLimit value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
