using System.Text;

namespace Tsds.Jobs.Explore;

/// <summary>Represents the words that a text must hold, as whole words, whatever their case.</summary>
internal sealed class TextSearch
{
    private readonly string[] _terms;
    private readonly byte[][] _ascii;

    private TextSearch(string[] terms)
    {
        _terms = terms;
        _ascii = [.. terms.Select(term => term.All(char.IsAscii) ? Encoding.ASCII.GetBytes(term) : [])];
    }

    /// <summary>Reads a query: words, and phrases in quotation marks.</summary>
    /// <param name="query">The query.</param>
    /// <exception cref="ArgumentException">There is no word in it.</exception>
    public static TextSearch Parse(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> terms = [];
        string[] parts = query.Split('"');
        for (int part = 0; part < parts.Length; part++)
        {
            // What lies between two marks is one phrase; a mark without a second one is none.
            bool isPhrase = part % 2 == 1 && part < parts.Length - 1;
            terms.AddRange(
                isPhrase
                    ? [parts[part].Trim()]
                    : parts[part].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            );
        }

        string[] found = [.. terms.Where(term => term.Any(char.IsLetterOrDigit)).Distinct(StringComparer.Ordinal)];
        return found.Length > 0
            ? new TextSearch(found)
            : throw new ArgumentException("Expected words to search for, found none.");
    }

    /// <summary>Determines whether a text holds every word.</summary>
    /// <param name="utf8">The text.</param>
    public bool Matches(ReadOnlySpan<byte> utf8)
    {
        // Most rows lack a word, and a look at their bytes says so.
        foreach (byte[] word in _ascii)
        {
            if (word.Length > 0 && !MayHold(utf8, word))
            {
                return false;
            }
        }

        string text = Encoding.UTF8.GetString(utf8);
        return Array.TrueForAll(_terms, term => HoldsWord(text, term));
    }

    private static bool MayHold(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        byte lower = (byte)char.ToLowerInvariant((char)word[0]);
        byte upper = (byte)char.ToUpperInvariant((char)word[0]);
        while (true)
        {
            int at = text.IndexOfAny(lower, upper);
            if (at < 0 || text.Length - at < word.Length)
            {
                return false;
            }

            if (Ascii.EqualsIgnoreCase(text.Slice(at, word.Length), word))
            {
                return true;
            }

            text = text[(at + 1)..];
        }
    }

    private static bool HoldsWord(string text, string term)
    {
        for (int at = 0; ; at++)
        {
            at = text.IndexOf(term, at, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            bool begins = at == 0 || !IsOfWord(text[at - 1]) || !IsOfWord(term[0]);
            int end = at + term.Length;
            bool ends = end >= text.Length || !IsOfWord(text[end]) || !IsOfWord(term[^1]);
            if (begins && ends)
            {
                return true;
            }
        }
    }

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
