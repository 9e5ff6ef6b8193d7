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
}
