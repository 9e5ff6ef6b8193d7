namespace Tsds.Data.Tokens;

/// <summary>
/// Splits a text into the tokens of a model, with the model's special tokens around the text.
/// </summary>
/// <param name="cut">Cuts the text; may be called from several threads.</param>
/// <param name="before">Special tokens before it.</param>
/// <param name="after">Special tokens after it.</param>
internal sealed class TextTokenizer(
    Func<string, IReadOnlyList<int>> cut,
    IReadOnlyList<int> before,
    IReadOnlyList<int> after
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
    public string Version { get; init; } = "";

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
    public IReadOnlyList<int> Cut(string text) => cut(text);
}
