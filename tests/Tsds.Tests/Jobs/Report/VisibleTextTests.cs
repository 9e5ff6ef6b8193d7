using System.Globalization;
using CsCheck;
using Tsds.Jobs.Report;

namespace Tsds.Tests.Jobs.Report;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("  two\n\n words\t", "two words")]
    [InlineData("a\u202Eb", "a[U+202E]b")]
    [InlineData("\u0000\u001B[31m", "[U+0000][U+001B][31m")]
    [InlineData("\uFEFFx\u2066y\u200B", "[U+FEFF]x[U+2066]y[U+200B]")]
    [InlineData("soft\u00ADhyphen", "soft\u00ADhyphen")]
    [InlineData("1234567890123", "123456789…")]
    public void Line_AnyText_ShowsWhatIsInIt(string text, string expected) =>
        Assert.Equal(expected, VisibleText.Line(text, 10 + (expected.Length > 10 && !expected.EndsWith('…') ? 40 : 0)));

    [Fact]
    public void Line_LoneSurrogate_IsReplaced() => Assert.Equal("a\uFFFDb", VisibleText.Line("a\uD800b", 10));

    [Fact]
    public void Line_EmojiOfSeveralRunes_IsCutBetweenThem()
    {
        string family = "👩‍👩‍👧";
        Assert.Equal(
            string.Concat(Enumerable.Repeat(family, 3)),
            VisibleText.Line(string.Concat(Enumerable.Repeat(family, 3)), 3)
        );
        Assert.Equal(family + family + "…", VisibleText.Line(string.Concat(Enumerable.Repeat(family, 4)), 3));
    }

    [Fact]
    public void Lines_Breaks_AreKeptOnce() =>
        Assert.Equal("one\ntwo three\nfour", VisibleText.Lines("one \n\n\t two  three\r\nfour\n", 100));

    [Fact]
    public void Verbatim_Blanks_AreKept() =>
        Assert.Equal("{\n  \"a\": \"[U+202E]\"\n…", VisibleText.Verbatim("{\n  \"a\": \"\u202E\"\n}", 13));

    [Fact]
    public void Cut_AnyText_HoldsNothingInvisibleAndIsNotLonger() =>
        Gen.String[0, 200]
            .Select(Gen.Int[1, 50])
            .Sample(
                (text, most) =>
                {
                    string line = VisibleText.Line(text, most);
                    Assert.InRange(new StringInfo(line).LengthInTextElements, 0, most);
                    Assert.DoesNotContain(
                        line,
                        character =>
                            char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
                            && character is not ('\u00AD' or '\u200C' or '\u200D')
                    );
                }
            );
}
