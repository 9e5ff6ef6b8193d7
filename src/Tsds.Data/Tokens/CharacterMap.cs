using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>
/// The table by which a SentencePiece model puts characters in place of others, as its tokenizer.json holds it: a
/// double-array trie of UTF-8 sequences, then what stands for each, ended by a zero byte.
/// </summary>
/// <remarks>
/// As the library that made the vectors of such models reads it: a text element of at most five bytes is looked up as a
/// whole, then each character alone, and the shortest sequence found counts.
/// </remarks>
/// <seealso href="https://github.com/s-yata/darts-clone">The layout of the trie</seealso>
internal sealed class CharacterMap
{
    private const int LongestElement = 5;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads a table.</summary>
    /// <param name="table">Its bytes: the length of the trie in four bytes, the trie, the replacements.</param>
    /// <exception cref="FormatException">The table is damaged.</exception>
    public static CharacterMap Read(ReadOnlySpan<byte> table)
    {
        int length = table.Length >= sizeof(uint) ? BinaryPrimitives.ReadInt32LittleEndian(table) : -1;
        if (length < sizeof(uint) || length % sizeof(uint) != 0 || length > table.Length - sizeof(uint))
        {
            throw new FormatException("a precompiled_charsmap of another length than it states.");
        }

        uint[] units = new uint[length / sizeof(uint)];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(sizeof(uint) * (i + 1))..]);
        }

        return new CharacterMap(units, table[(sizeof(uint) + length)..].ToArray());
    }

    /// <summary>Returns a text with characters replaced.</summary>
    public string Apply(string text)
    {
        StringBuilder mapped = new(text.Length);
        Span<byte> bytes = stackalloc byte[LongestElement];
        for (int start = 0; start < text.Length; )
        {
            int length = StringInfo.GetNextTextElementLength(text, start);
            ReadOnlySpan<char> element = text.AsSpan(start, length);
            start += length;
            if (Encoding.UTF8.TryGetBytes(element, bytes, out int written) && Find(bytes[..written]) is { } whole)
            {
                mapped.Append(whole);
                continue;
            }

            foreach (Rune rune in element.EnumerateRunes())
            {
                int count = rune.EncodeToUtf8(bytes);
                if (Find(bytes[..count]) is { } single)
                {
                    mapped.Append(single);
                }
                else
                {
                    mapped.Append(rune.ToString());
                }
            }
        }

        return mapped.ToString();
    }

    /// <summary>Returns what stands for the shortest sequence that the bytes begin with, or null.</summary>
    private string? Find(ReadOnlySpan<byte> bytes)
    {
        uint position = OffsetOf(_units[0]);
        foreach (byte next in bytes)
        {
            position ^= next;
            if (next == 0 || position >= _units.Length || (_units[position] & 0x8000_00FF) != next)
            {
                return null;
            }

            uint unit = _units[position];
            position ^= OffsetOf(unit);
            if ((unit & 0x100) != 0 && position < _units.Length)
            {
                int start = (int)(_units[position] & 0x7FFF_FFFF);
                if (start > _replacements.Length)
                {
                    return null;
                }

                int end = _replacements.AsSpan(start).IndexOf((byte)0);
                return Encoding.UTF8.GetString(
                    _replacements.AsSpan(start, end < 0 ? _replacements.Length - start : end)
                );
            }
        }

        return null;
    }

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
