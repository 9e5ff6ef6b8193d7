using Microsoft.ML.Tokenizers;

namespace Tsds.Data.Tokens;

/// <summary>
/// Splits a text into the tokens of a model: a tokenizer of the library, with the model's special tokens around the
/// text.
/// </summary>
/// <param name="tokenizer">Cuts the text.</param>
/// <param name="before">Special tokens before it.</param>
/// <param name="after">Special tokens after it.</param>
/// <param name="prepare">The normalization applied to a text first.</param>
internal sealed class TextTokenizer(
    Tokenizer tokenizer,
    IReadOnlyList<int> before,
    IReadOnlyList<int> after,
    Func<string, string> prepare
)
{
    /// <summary>
    /// The number of characters read for each token wanted: a bound of time for texts of megabytes, far above what
    /// natural language needs.
    /// </summary>
    private const int CharactersPerToken = 64;

    /// <summary>
    /// The number of characters whose tokens are counted at once, because merging pairs takes more than linear time if
    /// a text of megabytes has no word boundary.
    /// </summary>
    private const int LargestPiece = 1 << 16;

    /// <summary>
    /// Gets the version of the splitting, if it differs from earlier versions for the same files; empty if it never
    /// changed.
    /// </summary>
    public string Version => tokenizer is BertTokenizer ? "WordPiece 2" : "";

    /// <summary>Encodes a text. May be called from several threads.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxTokens">The largest number of tokens; those beyond it are omitted, special tokens are
    /// kept.</param>
    /// <returns>At least one token id.</returns>
    /// <exception cref="InvalidDataException">There is no token.</exception>
    public long[] Encode(string text, int maxTokens)
    {
        int limit = (int)Math.Min(text.Length, (long)CharactersPerToken * maxTokens);
        limit -= limit > 0 && limit < text.Length && char.IsHighSurrogate(text[limit - 1]) ? 1 : 0;
        IReadOnlyList<int> ids = Cut(text[..limit]);
        int room = Math.Max(0, maxTokens - before.Count - after.Count);
        long[] tokens = new long[before.Count + Math.Min(ids.Count, room) + after.Count];
        int next = 0;
        foreach (int id in before.Concat(ids.Take(room)).Concat(after))
        {
            tokens[next++] = id;
        }

        return tokens.Length > 0
            ? tokens
            : throw new InvalidDataException(
                "Expected at least one token in each text, found a text of characters that the tokenizer drops."
            );
    }

    /// <summary>Counts the tokens of a text, without special ones. May be called from several threads.</summary>
    /// <param name="text">Any text.</param>
    public long Count(string text)
    {
        long count = 0;
        for (int start = 0; start < text.Length; )
        {
            int length = Math.Min(LargestPiece, text.Length - start);
            length -= length < text.Length - start && char.IsHighSurrogate(text[start + length - 1]) ? 1 : 0;
            count += Cut(text.Substring(start, length)).Count;
            start += length;
        }

        return count;
    }

    /// <summary>Cuts a text, without special tokens. May be called from several threads.</summary>
    public IReadOnlyList<int> Cut(string text)
    {
        string prepared = prepare(text);
        return tokenizer is BertTokenizer bert
            ? bert.EncodeToIds(prepared, addSpecialTokens: false)
            : tokenizer.EncodeToIds(prepared);
    }
}
