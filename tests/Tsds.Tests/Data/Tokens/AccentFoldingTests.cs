using Tsds.Data.Tokens;

namespace Tsds.Tests.Data.Tokens;

public sealed class AccentFoldingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Café CRÈME ñandú Ångström", "Cafe CREME nandu Angstrom")]
    [InlineData("e\u0301\u0327", "e")]
    [InlineData("ệ ǖ", "e u")]
    [InlineData("ø ß æ", "ø ß æ")]
    [InlineData("Ελληνικά й ё", "Ελληνικα и е")]
    [InlineData("한각", "\u1112\u1161\u11AB\u1100\u1161\u11A8")]
    [InlineData("가", "\u1100\u1161")]
    [InlineData("が 日本 😀", "か 日本 😀")]
    [InlineData("ো", "\u09C7\u09BE")]
    public void Fold_TakesMarksOffAndLeavesTheRest(string text, string expected) =>
        Assert.Equal(expected, AccentFolding.Fold(text));

    /// <summary>Nothing in the table has anything left to take apart or off.</summary>
    [Fact]
    public void Fold_Twice_ChangesNothing()
    {
        for (int value = 0x80; value < 0x30000; value++)
        {
            if (value is >= 0xD800 and <= 0xDFFF)
            {
                continue;
            }

            string once = AccentFolding.Fold(char.ConvertFromUtf32(value));
            Assert.Equal(once, AccentFolding.Fold(once));
        }
    }
}
