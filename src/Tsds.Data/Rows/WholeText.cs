using System.Text.Json;
using Tsds.Data.Containers;

namespace Tsds.Data.Rows;

/// <summary>
/// Finds escapes of half a surrogate pair, which JSON allows and no text in UTF-8, and so no table, can hold.
/// </summary>
internal static class WholeText
{
    /// <summary>The problem of a row that has such an escape, for messages.</summary>
    public const string Problem = "expected whole characters, found half of a surrogate pair in an escape";

    /// <summary>Determines whether all names and strings are whole characters.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    /// <returns>False when an escape stands for half of a character.</returns>
    public static bool IsWhole(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return true;
        }

        Utf8JsonReader reader = new(json, FieldTable.ReaderOptions);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
