using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Jobs.Inputs;

/// <summary>Writes a budget as a user states it, such as <c>1000</c>, <c>5%</c> or <c>20000000tok</c>.</summary>
internal sealed class BudgetConverter : JsonConverter<Budget>
{
    /// <inheritdoc/>
    public override Budget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? "";
        return Budget.TryParse(text, out Budget budget)
            ? budget
            : throw new JsonException($"expected a budget such as 1000, 5% or 20Mtok, found '{text}'");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Budget value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
