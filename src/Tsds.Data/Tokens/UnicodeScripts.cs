using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>Determines the script of a letter from the blocks of Unicode.</summary>
internal static class UnicodeScripts
{
    /// <summary>The number of the Latin script.</summary>
    public const int Latin = 0;

    private const int Other = 21;

    private static readonly string[] Names =
    [
        "Latin",
        "Greek",
        "Cyrillic",
        "Armenian",
        "Hebrew",
        "Arabic",
        "Devanagari",
        "Bengali",
        "Gujarati",
        "Tamil",
        "Telugu",
        "Thai",
        "Georgian",
        "Hangul",
        "Ethiopic",
        "Khmer",
        "Kana",
        "Han",
        "Gurmukhi",
        "Kannada",
        "Malayalam",
        "other",
    ];

    // Ascending; the first and the last code point, and the script. Within them, only letters count.
    private static readonly (int First, int Last, int Script)[] Ranges =
    [
        (0x0041, 0x024F, Latin),
        (0x0250, 0x02AF, Latin),
        (0x0370, 0x03FF, 1),
        (0x0400, 0x052F, 2),
        (0x0530, 0x058F, 3),
        (0x0590, 0x05FF, 4),
        (0x0600, 0x06FF, 5),
        (0x0750, 0x077F, 5),
        (0x08A0, 0x08FF, 5),
        (0x0900, 0x097F, 6),
        (0x0980, 0x09FF, 7),
        (0x0A00, 0x0A7F, 18),
        (0x0A80, 0x0AFF, 8),
        (0x0B80, 0x0BFF, 9),
        (0x0C00, 0x0C7F, 10),
        (0x0C80, 0x0CFF, 19),
        (0x0D00, 0x0D7F, 20),
        (0x0E00, 0x0E7F, 11),
        (0x10A0, 0x10FF, 12),
        (0x1100, 0x11FF, 13),
        (0x1200, 0x139F, 14),
        (0x1780, 0x17FF, 15),
        (0x1C80, 0x1C8F, 2),
        (0x1C90, 0x1CBF, 12),
        (0x1E00, 0x1EFF, Latin),
        (0x1F00, 0x1FFF, 1),
        (0x2C60, 0x2C7F, Latin),
        (0x2D00, 0x2D2F, 12),
        (0x2D80, 0x2DDF, 14),
        (0x2DE0, 0x2DFF, 2),
        (0x3005, 0x3007, 17),
        (0x3040, 0x30FF, 16),
        (0x3130, 0x318F, 13),
        (0x31F0, 0x31FF, 16),
        (0x3400, 0x4DBF, 17),
        (0x4E00, 0x9FFF, 17),
        (0xA640, 0xA69F, 2),
        (0xA720, 0xA7FF, Latin),
        (0xAC00, 0xD7FF, 13),
        (0xF900, 0xFAFF, 17),
        (0xFB00, 0xFB06, Latin),
        (0xFB1D, 0xFB4F, 4),
        (0xFB50, 0xFDFF, 5),
        (0xFE70, 0xFEFF, 5),
        (0xFF21, 0xFF5A, Latin),
        (0xFF66, 0xFF9F, 16),
        (0x20000, 0x323AF, 17),
    ];

    /// <summary>Gets the number of scripts; the last one stands for all others.</summary>
    public static int Count => Names.Length;

    /// <summary>Returns the name of a script.</summary>
    /// <param name="script">Its number.</param>
    /// <returns>Such as <c>Cyrillic</c>.</returns>
    public static string NameOf(int script) => Names[script];

    /// <summary>Determines whether a character of a script is a word or a syllable.</summary>
    /// <param name="script">Its number.</param>
    /// <returns>True for Han, Kana and Hangul.</returns>
    public static bool IsWide(int script) => Names[script] is "Han" or "Kana" or "Hangul";

    /// <summary>Returns the script of a letter.</summary>
    /// <param name="rune">A character.</param>
    /// <returns>The script's number, or -1 when it is no letter.</returns>
    public static int Of(Rune rune)
    {
        if (!Rune.IsLetter(rune))
        {
            return -1;
        }

        int low = 0;
        int high = Ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            (int first, int last, int script) = Ranges[middle];
            if (rune.Value < first)
            {
                high = middle - 1;
            }
            else if (rune.Value > last)
            {
                low = middle + 1;
            }
            else
            {
                return script;
            }
        }

        return Other;
    }
}
