using System.Globalization;
using Tsds.Sampling;

namespace Tsds.Data.Sieving;

/// <summary>The words and pairs of neighboring words of a text, hashed into buckets, as a linear model reads
/// them.</summary>
/// <remarks>
/// A word is a run of letters, marks and digits, folded to lower case; each character of a script that is written
/// without spaces, and each other character that is not white space, is a word of its own. Repeats count. What comes
/// after <see cref="Most"/> features is not read, which bounds time and memory for long rows.
/// </remarks>
internal static class NgramFeatures
{
    /// <summary>The base-2 logarithm of the number of buckets.</summary>
    public const int BucketBits = 20;

    /// <summary>The number of buckets.</summary>
    public const int BucketCount = 1 << BucketBits;

    /// <summary>The most features of a text.</summary>
    public const int Most = 1024;

    private const ulong Offset = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;
    private const ulong PairFactor = 0x9E3779B97F4A7C15UL;

    /// <summary>Reads the features of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="buckets">Receives a bucket for each feature; of length <see cref="Most"/> at least.</param>
    /// <returns>The number of features.</returns>
    public static int Read(ReadOnlySpan<char> text, Span<int> buckets)
    {
        int count = 0;
        ulong previous = 0;
        int i = 0;
        while (i < text.Length && count + 2 <= Most)
        {
            char character = text[i];
            ulong hash = Offset;
            if (IsUnspaced(character))
            {
                hash = unchecked((hash ^ character) * Prime);
                i++;
            }
            else if (TryFold(character, out char folded))
            {
                do
                {
                    hash = unchecked((hash ^ folded) * Prime);
                    i++;
                } while (i < text.Length && !IsUnspaced(text[i]) && TryFold(text[i], out folded));
            }
            else
            {
                i++;
                if (char.IsWhiteSpace(character) || char.IsControl(character))
                {
                    continue;
                }

                hash = unchecked((hash ^ character) * Prime);
            }

            buckets[count++] = BucketOf(hash);
            if (previous != 0)
            {
                buckets[count++] = BucketOf(unchecked((previous * PairFactor) + hash));
            }

            previous = hash;
        }

        return count;
    }

    private static int BucketOf(ulong hash) => (int)(SplitMix.Mix(hash) >> (64 - BucketBits));

    private static bool TryFold(char character, out char folded)
    {
        if (char.IsAscii(character))
        {
            folded = (char)(character | 0x20);
            return char.IsAsciiLetterOrDigit(character);
        }

        folded = char.ToLowerInvariant(character);
        return char.IsLetterOrDigit(character)
            || char.IsSurrogate(character)
            || CharUnicodeInfo.GetUnicodeCategory(character)
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark;
    }

    /// <summary>
    /// Determines whether a character belongs to a script written without spaces: Thai, Lao, Burmese, Khmer, kana, Han.
    /// </summary>
    private static bool IsUnspaced(char character) =>
        character >= '\u0E00'
        && character
            is <= '\u0EFF'
                or (>= '\u1000' and <= '\u109F')
                or (>= '\u1780' and <= '\u17FF')
                or (>= '\u3040' and <= '\u30FF')
                or (>= '\u3400' and <= '\u9FFF')
                or (>= '\uF900' and <= '\uFAFF');
}
