using System.Globalization;
using System.Text;

namespace Tsds.Cli.Output;

/// <summary>Makes text from users' rows and files safe for a terminal.</summary>
internal static class SafeText
{
    /// <summary>
    /// Returns a text on one line: control and direction-changing characters and lone surrogates are replaced, white
    /// space is joined.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text without anything that could move the cursor or hide what follows.</returns>
    public static string OneLine(string text)
    {
        StringBuilder safe = new(text.Length);
        bool isBlank = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (!isBlank)
                {
                    safe.Append(' ');
                }

                isBlank = true;
            }
            else if (!IsDirectionMark(rune))
            {
                safe.Append(rune.ToString());
                isBlank = false;
            }
        }

        return safe.ToString().TrimEnd();
    }

    /// <summary>Returns the beginning of a text on one line.</summary>
    /// <param name="text">Any text, of any length.</param>
    /// <param name="maxLength">The most visible characters, the ellipsis included.</param>
    /// <returns>The text, cut between characters as a reader sees them.</returns>
    public static string Shorten(string text, int maxLength)
    {
        // Rows may have megabytes; what is shown cannot come from beyond a few times its length.
        const int MaxCharsPerElement = 16;
        string head = text.Length > maxLength * MaxCharsPerElement ? text[..(maxLength * MaxCharsPerElement)] : text;
        string line = OneLine(head);
        StringInfo elements = new(line);
        bool isWhole = elements.LengthInTextElements <= maxLength && head.Length == text.Length;
        return isWhole
            ? line
            : elements.SubstringByTextElements(0, Math.Min(maxLength - 1, elements.LengthInTextElements)).TrimEnd()
                + "…";
    }

    // Marks that reverse or embed the direction of what follows: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
    private static bool IsDirectionMark(Rune rune) =>
        rune.Value is 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
