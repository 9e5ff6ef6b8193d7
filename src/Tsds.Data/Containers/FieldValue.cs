using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>The position of a field's value in its row.</summary>
/// <param name="Kind">The value's first token; <see cref="JsonTokenType.None"/> when the row has no such field.</param>
/// <param name="Start">The value's first byte.</param>
/// <param name="Length">The number of bytes.</param>
internal readonly record struct FieldValue(JsonTokenType Kind, int Start, int Length)
{
    /// <summary>
    /// Gets a value indicating whether there is a value; null counts as none, since tables turned into JSON write it
    /// for empty cells.
    /// </summary>
    public bool IsPresent => Kind is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>Gets a value indicating whether the value is a string.</summary>
    public bool IsString => Kind == JsonTokenType.String;

    /// <summary>Gets a value indicating whether the value is an array.</summary>
    public bool IsArray => Kind == JsonTokenType.StartArray;

    /// <summary>
    /// Gets a value indicating whether the value is a string or an array: a text, or a list of messages.
    /// </summary>
    public bool IsStringOrArray => IsString || IsArray;
}
