using Tsds.Data.Embedding.Static;
using Tsds.Data.Tokens;

namespace Tsds.Tests.Data.Tokens;

public sealed class TextTokenizerTests
{
    [Theory]
    [InlineData("tabs\tand")]
    [InlineData("tabs\nand")]
    [InlineData("tabs\r\nand")]
    public void Cut_TabOrLineEnd_EndsAWord(string text)
    {
        TextTokenizer tokenizer = StaticTable.BuiltIn.OpenTokenizer();
        Assert.Equal(tokenizer.Cut("tabs and"), tokenizer.Cut(text));
    }

    [Fact]
    public void Cut_Symbols_ArePiecesOfTheirOwn()
    {
        TextTokenizer tokenizer = StaticTable.BuiltIn.OpenTokenizer();
        Assert.Equal(tokenizer.Cut("a > 3 + $ 5 = ~ x"), tokenizer.Cut("a>3+$5=~x"));
        Assert.Equal(9, tokenizer.Cut("a>3+$5=~x").Count);
    }

    [Fact]
    public void Cut_FormatAndControlCharacters_AreNothing()
    {
        TextTokenizer tokenizer = StaticTable.BuiltIn.OpenTokenizer();
        Assert.Equal(tokenizer.Cut("word"), tokenizer.Cut("\uFEFFwo\u200Br\0d\uFFFD"));
    }
}
