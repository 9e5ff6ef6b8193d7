using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tsds.Data.Rows;

/// <summary>
/// Compares texts in which runs of white space count as one space, and white space at the ends is ignored.
/// </summary>
internal sealed class NormalText
{
    private char[] _normal = new char[4096];

    /// <summary>Returns 128 bits of the SHA-256 of the normalized text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The hash, or null for a text of white space only.</returns>
    public UInt128? HashOf(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> normal = Normalize(text);
        if (normal.IsEmpty)
        {
            return null;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(normal), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length > _normal.Length)
        {
            _normal = new char[Math.Max(text.Length, 2 * _normal.Length)];
        }

        int length = 0;
        bool isBlank = false;
        foreach (char letter in text)
        {
            // The fast way for nearly all characters.
            bool isNextBlank = letter <= ' ' || (letter >= '\u0085' && char.IsWhiteSpace(letter));
            if (!isNextBlank)
            {
                _normal[length++] = letter;
            }
            else if (!isBlank)
            {
                _normal[length++] = ' ';
            }

            isBlank = isNextBlank;
        }

        return _normal.AsSpan(0, length);
    }
}
