using System.Globalization;
using System.Text;

namespace Tsds.Jobs.Report;

/// <summary>Prepares text of users' rows for reading: cut, with invisible characters shown.</summary>
/// <remarks>
/// Control and format characters, which could turn the direction of a line or hide in it, are shown as their code
/// point: [U+202E]. Joiners (U+200C, U+200D) and soft hyphens stay: scripts and emoji need them. Lone surrogates become
/// U+FFFD.
/// </remarks>
internal static class VisibleText
{
    /// <summary>
    /// The number of characters read per visible element. Rows may have megabytes, but what is shown comes from the
    /// beginning.
    /// </summary>
    private const int MaxCharsPerElement = 16;

    /// <summary>Returns the beginning of a text on one line.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">The most characters, as a reader sees them, the ellipsis included.</param>
    public static string Line(string text, int maxLength) => Cut(text, maxLength, keepsLines: false);

    /// <summary>Returns the beginning of a text with its line breaks, several in a row as one.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">The most characters, as a reader sees them, the ellipsis included.</param>
    public static string Lines(string text, int maxLength) => Cut(text, maxLength, keepsLines: true);

    /// <summary>Returns the beginning of a text with all its white space, for text that depends on it.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">The most UTF-16 units; an ellipsis says that there is more.</param>
    public static string Verbatim(string text, int maxLength)
    {
        StringBuilder visible = new();
        foreach (Rune rune in (text.Length > maxLength ? text[..maxLength] : text).EnumerateRunes())
        {
            visible.Append(Rune.IsWhiteSpace(rune) ? rune.ToString() : Show(rune));
        }

        return text.Length > maxLength ? visible.Append('…').ToString() : visible.ToString();
    }

    private static string Cut(string text, int maxLength, bool keepsLines)
    {
        bool isWhole = text.Length <= maxLength * MaxCharsPerElement;
        StringBuilder visible = new();
        char blank = '\0';
        foreach (Rune rune in (isWhole ? text : text[..(maxLength * MaxCharsPerElement)]).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                blank = keepsLines && (rune.Value == '\n' || blank == '\n') ? '\n' : ' ';
                continue;
            }

            if (blank != '\0' && visible.Length > 0)
            {
                visible.Append(blank);
            }

            blank = '\0';
            visible.Append(Show(rune));
        }

        StringInfo elements = new(visible.ToString());
        return isWhole && elements.LengthInTextElements <= maxLength
            ? elements.String
            : elements.SubstringByTextElements(0, Math.Min(maxLength - 1, elements.LengthInTextElements)).TrimEnd()
                + "…";
    }

    private static string Show(Rune rune) => IsInvisible(rune) ? $"[U+{rune.Value:X4}]" : rune.ToString();

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        && rune.Value is not (0x00AD or 0x200C or 0x200D);
}
