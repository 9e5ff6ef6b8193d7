using System.Globalization;
using Tsds.Sampling;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// The features of one text: hashed words, word pairs and character n-grams with their counts. The instance is reused
/// from text to text.
/// </summary>
/// <remarks>
/// A word is a run of letters, marks and digits, folded to lower case; scripts without spaces between words make long
/// runs, which their character n-grams divide. Other characters that are not white space are words of their own:
/// they distinguish code from prose.
/// </remarks>
internal sealed class TextFeatures
{
    /// <summary>The base-2 logarithm of the number of buckets that features are hashed into.</summary>
    public const int BucketBits = 20;

    private const ulong WordKind = 1;
    private const ulong PairKind = 2;
    private const ulong GramKind = 3;
    private const int GramLength = 4;

    /// <summary>
    /// The length of character n-grams in scripts without spaces, where two characters carry about as much as a word
    /// elsewhere.
    /// </summary>
    private const int IdeographGramLength = 2;

    private readonly FeatureTable _counts = new();
    private char[] _word = new char[64];

    /// <summary>Gets bucket and count of each feature.</summary>
    public ReadOnlySpan<FeatureCount> Counts => _counts.Entries;

    /// <summary>Reads the features of many texts on several threads.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="length">The characters of a text that are looked at.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <returns>The features of each text.</returns>
    public static FeatureCount[][] ReadAll(IReadOnlyList<string> texts, int length, ParallelOptions parallel)
    {
        FeatureCount[][] counts = new FeatureCount[texts.Count][];
        Parallel.For(
            0,
            texts.Count,
            parallel,
            () => new TextFeatures(),
            (i, _, features) =>
            {
                features.Read(FeatureWeights.Bounded(texts[i], length));
                counts[i] = features.Counts.ToArray();
                return features;
            },
            static _ => { }
        );
        return counts;
    }

    public void Read(ReadOnlySpan<char> text)
    {
        _counts.Clear();
        ulong previous = 0;
        int i = 0;
        while (i < text.Length)
        {
            int start = i;
            while (i < text.Length && IsWordCharacter(text[i]))
            {
                i++;
            }

            if (i > start)
            {
                previous = AddWord(text[start..i], previous);
                continue;
            }

            if (!char.IsWhiteSpace(text[i]) && !char.IsControl(text[i]))
            {
                Add(Hash(WordKind, text.Slice(i, 1)));
            }

            i++;
        }
    }

    private static bool IsWordCharacter(char character) =>
        char.IsAscii(character) ? char.IsAsciiLetterOrDigit(character) : IsOtherWordCharacter(character);

    private static bool IsOtherWordCharacter(char character) =>
        char.IsLetterOrDigit(character)
        || char.IsSurrogate(character)
        || CharUnicodeInfo.GetUnicodeCategory(character)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;

    /// <summary>
    /// Determines whether a character belongs to a script written without spaces: Han, kana, Thai, Lao, Khmer or
    /// Burmese.
    /// </summary>
    private static bool IsUnspaced(char character) =>
        character
            is (>= '\u0E00' and <= '\u0EFF')
                or (>= '\u1000' and <= '\u109F')
                or (>= '\u1780' and <= '\u17FF')
                or (>= '\u3040' and <= '\u30FF')
                or (>= '\u3400' and <= '\u9FFF')
                or (>= '\uF900' and <= '\uFAFF');

    private static ulong Hash(ulong kind, ReadOnlySpan<char> characters)
    {
        // FNV-1a over UTF-16, finished well: short grams differ in few bits.
        ulong hash = 14695981039346656037UL ^ kind;
        foreach (char character in characters)
        {
            hash = unchecked((hash ^ character) * 1099511628211UL);
        }

        return SplitMix.Mix(hash);
    }

    private ulong AddWord(ReadOnlySpan<char> word, ulong previous)
    {
        // The word between spaces, so that grams at its ends differ from those inside.
        if (_word.Length < word.Length + 2)
        {
            _word = new char[2 * (word.Length + 2)];
        }

        Span<char> padded = _word.AsSpan(0, word.Length + 2);
        padded[0] = padded[^1] = ' ';
        word.ToLowerInvariant(padded[1..^1]);
        ReadOnlySpan<char> folded = padded[1..^1];
        ulong hash = Hash(WordKind, folded);
        Add(hash);
        if (previous != 0)
        {
            Add(SplitMix.Mix(PairKind ^ unchecked((previous * 31) + hash)));
        }

        bool isUnspaced = IsUnspaced(folded[0]);
        int length = isUnspaced ? IdeographGramLength : GramLength;
        ReadOnlySpan<char> source = isUnspaced ? folded : padded;
        for (int i = 0; i + length <= source.Length; i++)
        {
            Add(Hash(GramKind, source.Slice(i, length)));
        }

        return hash;
    }

    private void Add(ulong hash) => _counts.Add((int)(hash >> (64 - BucketBits)));
}
