using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>
/// Estimates the tokens of a text without a tokenizer: each Han, Kana or Hangul character is one token, other
/// characters are half a token, ASCII characters a quarter.
/// </summary>
internal static class TokenEstimate
{
    /// <summary>Estimates the tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>
    /// At least 1 for any text that is not empty; no estimate without a tokenizer is closer than a quarter for one row,
    /// sums over many rows are.
    /// </returns>
    public static long Of(ReadOnlySpan<char> text)
    {
        long quarters = 0;
        while (!text.IsEmpty)
        {
            int ascii = text.IndexOfAnyExceptInRange('\0', '\u007f');
            ascii = ascii < 0 ? text.Length : ascii;
            quarters += ascii;
            text = text[ascii..];
            if (!text.IsEmpty)
            {
                Rune.DecodeFromUtf16(text, out Rune rune, out int length);
                int script = UnicodeScripts.Of(rune);
                quarters += (script >= 0 && UnicodeScripts.IsWide(script) ? 4 : 2) * length;
                text = text[length..];
            }
        }

        return (quarters + 3) / 4;
    }
}
