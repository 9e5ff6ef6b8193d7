using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Embedding.Static;

namespace Tsds.Tests.Data.Embedding.Lexical;

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
