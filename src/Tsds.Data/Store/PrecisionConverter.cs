using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Data.Store;

/// <summary>Writes and reads how vectors are stored by the words of <see cref="PrecisionName"/>.</summary>
internal sealed class PrecisionConverter : JsonConverter<VectorPrecision>
{
    /// <inheritdoc/>
    public override VectorPrecision Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => reader.GetString() == PrecisionName.Of(VectorPrecision.Half) ? VectorPrecision.Half : VectorPrecision.Full;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, VectorPrecision value, JsonSerializerOptions options) =>
        writer.WriteStringValue(PrecisionName.Of(value));
}
