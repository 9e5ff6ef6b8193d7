using System.Text.Json;

namespace Tsds.Data.Output;

/// <summary>Writes numbers that JSON may not be able to hold.</summary>
internal static class JsonNumbers
{
    /// <summary>Writes a number, or null where it is infinite, NaN or missing.</summary>
    public static void WriteFinite(this Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
