using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Tsds.Data.Tokens;

/// <summary>Opens WordPiece tokenizers, whose texts are split into words by the rules of BERT.</summary>
internal static partial class WordPieces
{
    /// <summary>Opens the tokenizer of a BERT vocabulary.</summary>
    /// <param name="vocabulary">The word pieces in UTF-8, one a line.</param>
    /// <param name="lowerCases">True if texts are put into lower case, and lose their accents, first.</param>
    public static TextTokenizer Open(byte[] vocabulary, bool lowerCases)
    {
        using MemoryStream stream = new(vocabulary);
        BertTokenizer tokenizer = BertTokenizer.Create(stream, OptionsFor(lowerCases, true));
        return Of(
            tokenizer,
            [tokenizer.ClassificationTokenId],
            [tokenizer.SeparatorTokenId],
            stripsAccents: lowerCases
        );
    }

    /// <summary>Returns the tokenizer of a BERT vocabulary that is open already.</summary>
    /// <param name="tokenizer">The vocabulary with its options, those of <see cref="OptionsFor"/>.</param>
    /// <param name="before">The special tokens before each text.</param>
    /// <param name="after">The special tokens after each text.</param>
    /// <param name="stripsAccents">True if texts lose their accents first.</param>
    public static TextTokenizer Of(BertTokenizer tokenizer, int[] before, int[] after, bool stripsAccents) =>
        new(
            text => tokenizer.EncodeToIds(stripsAccents ? FoldedWords(text) : Words(text), addSpecialTokens: false),
            before,
            after
        )
        {
            Version = "WordPiece 2",
        };

    /// <summary>Returns the options under which the library splits texts as BERT does.</summary>
    /// <param name="lowerCases">True if texts are put into lower case first.</param>
    /// <param name="splitsIdeographs">True if each Chinese character is a word.</param>
    public static BertOptions OptionsFor(bool lowerCases, bool splitsIdeographs) =>
        new()
        {
            LowerCaseBeforeTokenization = lowerCases,
            IndividuallyTokenizeCjk = splitsIdeographs,
            ApplyBasicTokenization = true,
            PreTokenizer = new RegexPreTokenizer(WordPattern(), null),
        };

    /// <summary>
    /// Removes control and format characters, which the models never saw, and puts a space in place of tabs and line
    /// ends: the library removes those too, and would join the words on either side.
    /// </summary>
    private static string Words(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        StringBuilder words = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\r' or '\n')
            {
                words.Append(' ');
            }
            else if (
                Rune.GetUnicodeCategory(rune)
                    is not (
                        UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.PrivateUse
                        or UnicodeCategory.OtherNotAssigned
                    )
                && rune != Rune.ReplacementChar
            )
            {
                words.Append(rune.ToString());
            }
        }

        return words.ToString();
    }

    /// <summary>
    /// A mark, or a run of what is neither mark nor white space: BERT's own rule. The library's drops symbols, such as
    /// those of code.
    /// </summary>
    [GeneratedRegex(@"[!-/:-@\[-`{-~\p{P}]|[^\s!-/:-@\[-`{-~\p{P}]+", RegexOptions.CultureInvariant)]
    private static partial Regex WordPattern();

    private static string FoldedWords(string text) => AccentFolding.Fold(Words(text));
}
