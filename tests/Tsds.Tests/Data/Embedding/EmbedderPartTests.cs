using Tsds.Data.Embedding;

namespace Tsds.Tests.Data.Embedding;

public sealed class EmbedderPartTests
{
    [Theory]
    [InlineData("lexical", "lexical 1")]
    [InlineData("static", "static 1")]
    [InlineData("lexical+static", "lexical 0.5, static 0.5")]
    [InlineData("30%lexical+70%minilm", "lexical 0.3, minilm 0.7")]
    [InlineData("20%lexical+static+arctic-xs", "lexical 0.2, static 0.4, arctic-xs 0.4")]
    [InlineData("int8-arctic-xs", "int8-arctic-xs 1")]
    [InlineData("lexical+int8-onnx:models/a+b", "lexical 0.5, int8-onnx:models/a+b 0.5")]
    [InlineData("lexical+onnx:models/a+b", "lexical 0.5, onnx:models/a+b 0.5")]
    [InlineData("onnx:models/50%+static", "onnx:models/50%+static 1")]
    [InlineData("lexical+75%openai:http://localhost/v1#a+b", "lexical 0.25, openai:http://localhost/v1#a+b 0.75")]
    public void TryParse_Names_GivesEachItsShare(string text, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ", ",
                EmbedderPart
                    .TryParse(text)!
                    .Select(part => FormattableString.Invariant($"{part.Name} {part.Share:0.##}"))
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("lexicon")]
    [InlineData("int8-lexical")]
    [InlineData("int8-openai:http://localhost/v1#a")]
    [InlineData("int8-onnx:")]
    [InlineData("onnx:")]
    [InlineData("openai:http://localhost/v1#")]
    [InlineData("openai:file://localhost/v1#a")]
    [InlineData("lexical+lexical")]
    [InlineData("lexical+")]
    [InlineData("+static")]
    [InlineData("50%lexical")]
    [InlineData("50%lexical+60%static")]
    [InlineData("100%lexical+static")]
    [InlineData("0%lexical+100%static")]
    [InlineData("-1%lexical+static")]
    [InlineData("lexical+auto")]
    public void TryParse_NoEmbedder_IsNull(string text) => Assert.Null(EmbedderPart.TryParse(text));
}
