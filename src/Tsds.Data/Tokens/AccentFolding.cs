using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>
/// Strips accents: canonical decomposition (NFD) without nonspacing marks, as uncased BERT models expect.
/// </summary>
/// <remarks>
/// Its own table, because .NET decomposes nothing if it runs without ICU, as the command does, and tokens must not
/// depend on that. <c>decompositions.txt</c> is made from the Unicode Character Database 14: a line per result, its
/// code points in hexadecimal, a tab, and those of the characters that decompose to it. Decompositions never change.
/// Hangul syllables decompose by arithmetic (Unicode Standard, 3.12).
/// </remarks>
internal static class AccentFolding
{
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;
    private const int Finals = 28;
    private const int MedialsAndFinals = 21 * Finals;

    private static readonly Lazy<FrozenDictionary<int, string>> Table = new(Read);

    /// <summary>Returns a text without accents.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        StringBuilder folded = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Table.Value.TryGetValue(rune.Value, out string? decomposed))
            {
                folded.Append(decomposed);
            }
            else if (rune.Value is >= FirstSyllable and <= LastSyllable)
            {
                AppendSyllable(folded, rune.Value - FirstSyllable);
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                folded.Append(rune.ToString());
            }
        }

        return folded.ToString();
    }

    private static void AppendSyllable(StringBuilder folded, int syllable)
    {
        folded.Append((char)(0x1100 + (syllable / MedialsAndFinals)));
        folded.Append((char)(0x1161 + (syllable % MedialsAndFinals / Finals)));
        if (syllable % Finals > 0)
        {
            folded.Append((char)(0x11A7 + (syllable % Finals)));
        }
    }

    private static FrozenDictionary<int, string> Read()
    {
        using Stream stream = typeof(AccentFolding).Assembly.GetManifestResourceStream("decompositions.txt")!;
        using StreamReader reader = new(stream);
        Dictionary<int, string> table = [];
        while (reader.ReadLine() is { } line)
        {
            string[] sides = line.Split('\t');
            string result = string.Concat(CodePoints(sides[0]).Select(char.ConvertFromUtf32));
            foreach (int source in CodePoints(sides[1]))
            {
                table.Add(source, result);
            }
        }

        return table.ToFrozenDictionary();
    }

    private static IEnumerable<int> CodePoints(string text) =>
        text.Split(' ').Select(hex => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
