namespace Tsds.Evaluation.Metrics;

/// <summary>The words that a language model may predict, fixed before any selection is read.</summary>
/// <remarks>
/// All words that occur at least twice in the texts given; the others are one word, the unknown. The end of a text is a
/// word too, its beginning is not: it is only ever a context. The same texts in any order give the same vocabulary:
/// words are numbered in ordinal order.
/// </remarks>
internal sealed class Vocabulary
{
    /// <summary>The number of bits of a word's number, so that three words fit 63 bits.</summary>
    public const int WordBits = 21;

    /// <summary>The number that stands for the beginning of a text.</summary>
    public const int Begin = 0;

    /// <summary>The number that stands for the end of a text.</summary>
    public const int End = 1;

    /// <summary>The number of every word outside the vocabulary.</summary>
    public const int Unknown = 2;

    private const int FirstWord = 3;
    private const int SmallestCount = 2;

    private readonly Dictionary<string, int> _numbers;

    private Vocabulary(Dictionary<string, int> numbers) => _numbers = numbers;

    /// <summary>Gets the number of words that can be predicted: the known ones, the unknown one and the end.</summary>
    public int PredictableCount => _numbers.Count + 2;

    /// <summary>Creates the vocabulary of texts.</summary>
    public static Vocabulary FromTexts(IEnumerable<string> texts)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            foreach (string word in WordTokenizer.Tokenize(text))
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        return FromCounts(counts);
    }

    /// <summary>
    /// Creates the vocabulary of counted words: the 2²¹ most frequent if there are more, ties in ordinal order.
    /// </summary>
    public static Vocabulary FromCounts(IReadOnlyDictionary<string, int> counts)
    {
        IEnumerable<string> words = counts
            .Where(pair => pair.Value >= SmallestCount)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take((1 << WordBits) - FirstWord)
            .Select(pair => pair.Key)
            .Order(StringComparer.Ordinal);
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            numbers.Add(word, FirstWord + numbers.Count);
        }

        return new Vocabulary(numbers);
    }

    /// <summary>Returns the numbers of a text's words, without beginning and end.</summary>
    public int[] Encode(string text) =>
        [.. WordTokenizer.Tokenize(text).Select(word => _numbers.GetValueOrDefault(word, Unknown))];
}
