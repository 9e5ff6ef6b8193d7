using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>
/// A growing buffer of characters that is reused from row to row, so that a pass allocates only its results.
/// </summary>
internal sealed class CharBuffer
{
    private char[] _chars = new char[4096];

    /// <summary>Gets the number of characters.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the characters; valid until the next change.</summary>
    public ReadOnlySpan<char> Span => _chars.AsSpan(0, Length);

    /// <summary>Truncates the buffer.</summary>
    /// <param name="length">The new length, at most the present one.</param>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Appends one character.</summary>
    /// <param name="value">The character.</param>
    public void Append(char value)
    {
        Reserve(1);
        _chars[Length++] = value;
    }

    /// <summary>Appends characters.</summary>
    /// <param name="value">The characters; may lie in another buffer, not in this one.</param>
    public void Append(ReadOnlySpan<char> value)
    {
        Reserve(value.Length);
        value.CopyTo(_chars.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>Appends the string at the position of a JSON reader, unescaped.</summary>
    /// <param name="reader">The reader, standing at a string.</param>
    /// <exception cref="InvalidOperationException">The string has an escaped half of a surrogate pair.</exception>
    public void AppendString(ref Utf8JsonReader reader)
    {
        // Neither unescaping nor UTF-16 ever needs more characters than the value has bytes.
        Reserve(reader.ValueSpan.Length);
        Length += reader.CopyString(_chars.AsSpan(Length));
    }

    private void Reserve(int count)
    {
        if (_chars.Length - Length < count)
        {
            long wanted = Math.Max(Length + (long)count, 2L * _chars.Length);
            Array.Resize(ref _chars, (int)Math.Min(wanted, Array.MaxLength));
        }
    }
}
