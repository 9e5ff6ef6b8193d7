using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowTemplateTests
{
    private const string Chat =
        """{"title":"T","size":2.50,"tags":["x"],"messages":[{"role":"system","content":"s"},{"role":"user","content":"u1"},{"role":"assistant","content":"a1"},{"role":"ipython","content":"t"},{"role":"user","content":"u2"},{"role":"assistant","content":"a2"}]}""";

    private const string Alpaca =
        """{"instruction":"i","input":"in","output":"o","history":[["u","a"]],"system":"s"}""";

    [Theory]
    [InlineData(Chat, """{system}\n{user}\n{assistant}""", "s\nu1\nu2\na1\na2")]
    [InlineData(Chat, "{tool}|{first_user}|{last_user}", "t|u1|u2")]
    [InlineData(Chat, """{ title }\t{size}{tags}{nothing}{text}""", "T\t2.50")]
    [InlineData(Chat, """{{{title}}} \x\\n""", "{T} \\x\\\n")]
    [InlineData(Alpaca, "{system}/{user}/{assistant}/{last_user}", "s/u\ni\nin/a\no/i\nin")]
    [InlineData(Alpaca, "{instruction}+{input}", "i+in")]
    [InlineData("""{"prompt":"p","completion":"c"}""", "{user}>{assistant}{prompt}", "p>cp")]
    [InlineData("""{"prompt":"p","chosen":"c","rejected":"r"}""", "{user}>{assistant}", "p>c")]
    [InlineData("""{"query":"q","response":"r"}""", "{user}>{assistant}", "q>r")]
    [InlineData("""{"text":"t","title":"caf\u00e9"}""", "{title}: {text}{user}", "café: t")]
    [InlineData("""{"text":"old","messages":[{"role":"user","content":"u"}]}""", "{text}", "old")]
    public void Read_Template_GivesItsText(string row, string template, string text) =>
        Assert.Equal(text, ReadRow.TextOf(row, template));

    [Fact]
    public void Read_TemplateAndTextField_TextIsTheField() =>
        Assert.Equal("b", ReadRow.TextOf("""{"body":"b","text":"t"}""", "{text}", "body"));

    [Fact]
    public void Read_TemplateWithoutResult_IsABadRow()
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", """{"text":"t"}""");

        string message = ReadRow.ErrorOf(path, new RowReaderOptions { Template = """{user}\n {title}""" });

        Assert.Contains("line 1: expected the template to give some text", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("{{user}}")]
    [InlineData("{}")]
    [InlineData("{ }")]
    [InlineData("{user")]
    [InlineData("{us{er}}")]
    [InlineData("user}")]
    public void Template_WithoutPlaceholderOrPartner_Throws(string template) =>
        Assert.Throws<ArgumentException>(() => new RowReaderOptions { Template = template });
}
