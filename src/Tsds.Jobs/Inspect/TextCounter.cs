using Tsds.Data.Tokens;

namespace Tsds.Jobs.Inspect;

/// <summary>Counts characters, letters by script, and tokens by estimate.</summary>
/// <remarks>
/// Tokenizers of today take about four ASCII characters for a token, about two letters of other alphabets, and about
/// one Han, Kana or Hangul character; no estimate without a tokenizer is closer than a quarter.
/// </remarks>
internal sealed class TextCounter
{
    private readonly long[] _letters = new long[UnicodeScripts.Count];
    private long _ascii;
    private long _wide;

    /// <summary>Gets the number of UTF-16 units.</summary>
    public long Characters { get; private set; }

    /// <summary>Gets the estimate of the number of tokens.</summary>
    public long Tokens => (_ascii / 4) + ((Characters - _ascii - _wide) / 2) + _wide;

    /// <summary>Gets the number of letters of each script that occurs.</summary>
    public IReadOnlyDictionary<string, long> Letters =>
        _letters
            .Select((count, script) => (Name: UnicodeScripts.NameOf(script), count))
            .Where(pair => pair.count > 0)
            .ToDictionary(pair => pair.Name, pair => pair.count, StringComparer.Ordinal);

    /// <summary>Counts a text.</summary>
    /// <param name="text">The text.</param>
    public void Add(ReadOnlySpan<char> text)
    {
        Characters += text.Length;
        while (!text.IsEmpty)
        {
            int ascii = text.IndexOfAnyExceptInRange('\0', '\u007f');
            ascii = ascii < 0 ? text.Length : ascii;
            AddAscii(text[..ascii]);
            text = text[ascii..];
            int other = text.IndexOfAnyInRange('\0', '\u007f');
            other = other < 0 ? text.Length : other;
            AddOthers(text[..other]);
            text = text[other..];
        }
    }

    private void AddAscii(ReadOnlySpan<char> text)
    {
        _ascii += text.Length;
        int letters = 0;
        foreach (char letter in text)
        {
            // Without a branch, since letters and spaces come in any order.
            letters += (uint)((letter | 0x20) - 'a') < 26u ? 1 : 0;
        }

        _letters[UnicodeScripts.Latin] += letters;
    }

    private void AddOthers(ReadOnlySpan<char> text)
    {
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            int script = UnicodeScripts.Of(rune);
            if (script < 0)
            {
                continue;
            }

            _letters[script]++;
            if (UnicodeScripts.IsWide(script))
            {
                _wide += rune.Utf16SequenceLength;
            }
        }
    }
}
