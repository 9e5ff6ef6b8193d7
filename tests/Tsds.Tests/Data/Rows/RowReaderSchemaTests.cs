using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowReaderSchemaTests
{
    [Theory]
    [InlineData(
        "chatml",
        """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}""",
        "s\nu\na"
    )]
    [InlineData(
        "chatml",
        """{"messages":[{"content":"u","role":"user"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","content":"t"}]}""",
        "u\nt"
    )]
    [InlineData(
        "chatml",
        """{"messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"two"},"three"]}]}""",
        "one\ntwo\nthree"
    )]
    [InlineData(
        "chatml",
        """{"messages":[{"role":"assistant","tool_calls":[]},{"from":"human","value":"mixed"}]}""",
        "mixed"
    )]
    [InlineData(
        "chatml",
        """{"messages":[{"role":"user","content":"first","content":"last"}],"text":"not this"}""",
        "last"
    )]
    [InlineData(
        "sharegpt",
        """{"system":"s","conversations":[{"from":"human","value":"u"},{"from":"gpt","value":"a"}],"tools":"[]"}""",
        "s\nu\na"
    )]
    [InlineData(
        "sharegpt",
        """{"conversations":[{"from":"critic","value":"who?"},{"from":"function_call","value":"f()"},{"from":"observation","value":"o"}]}""",
        "who?\nf()\no"
    )]
    [InlineData("alpaca", """{"instruction":"i","input":"","output":"o","text":"i and o"}""", "i\no")]
    [InlineData(
        "alpaca",
        """{"output":"o","input":"in","instruction":"i","system":"s","history":[["u1","a1"],["u2",null]]}""",
        "s\nu1\na1\nu2\ni\nin\no"
    )]
    [InlineData("alpaca", """{"instruction":"i","input":null,"output":"","history":null,"messages":null}""", "i")]
    [InlineData("prompt-completion", """{"prompt":"p","completion":"c"}""", "p\nc")]
    [InlineData(
        "prompt-completion",
        """{"prompt":[{"role":"user","content":"p"}],"completion":[{"role":"assistant","content":"c"}]}""",
        "p\nc"
    )]
    [InlineData(
        "query-response",
        """{"query":"q","response":"r","history":[["u","a"]],"system":"s"}""",
        "s\nu\na\nq\nr"
    )]
    [InlineData("text", """{"text":"t","source":"hidden","label":"hidden"}""", "t")]
    [InlineData("preference", """{"prompt":"p","chosen":"good","rejected":"bad"}""", "p\ngood")]
    [InlineData("preference", """{"chosen":"good","rejected":"bad"}""", "good")]
    [InlineData(
        "preference",
        """{"system":"s","prompt":"p","chosen":[{"role":"user","content":"p"},{"role":"assistant","content":"good"}],"rejected":[]}""",
        "s\np\ngood"
    )]
    [InlineData(
        "preference",
        """{"prompt":[{"role":"user","content":"p"}],"chosen":[{"role":"assistant","content":"p"}],"rejected":"r"}""",
        "p\np"
    )]
    public void Read_Schema_IsRecognizedAndReadInRoleOrder(string schema, string row, string text)
    {
        using var folder = new TempFolder();
        var reader = new RowReader([folder.Write("rows.jsonl", row)]);

        Assert.Equal(text, Assert.Single(ReadRow.All(reader)).Text);
        InputFile file = Assert.Single(reader.Files);
        Assert.Equal(schema, file.Schema);
        Assert.Equal(new Dictionary<string, long> { [schema] = 1 }, file.Schemas);
    }

    [Fact]
    public void Read_EscapedNamesAndValues_AreUnderstood() =>
        Assert.Equal("ä\n😀\t\"", ReadRow.TextOf("""{"t\u0065xt":"\u00e4\n\ud83d\ude00\t\""}"""));

    [Fact]
    public void Read_FieldTwice_TakesTheLast() =>
        Assert.Equal("last", ReadRow.TextOf("""{"text":"first","text":"last"}"""));

    [Fact]
    public void Read_MixedSchemas_AcceptsEachRowThatFitsOne()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            "rows.jsonl",
            """{"messages":[{"role":"user","content":"chat"}]}""",
            """{"instruction":"i","output":"o"}""",
            """{"instruction":"j","output":"p"}""",
            """{"text":"t"}"""
        );
        var reader = new RowReader([path]);

        Assert.Equal(["chat", "i\no", "j\np", "t"], ReadRow.All(reader).Select(row => row.Text));
        InputFile file = Assert.Single(reader.Files);
        Assert.Equal("alpaca", file.Schema);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["alpaca"] = 2,
                ["chatml"] = 1,
                ["text"] = 1,
            },
            file.Schemas
        );
    }

    [Fact]
    public void Read_RowThatFitsTwoOtherSchemas_IsBad()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            "rows.jsonl",
            """{"query":"q","response":"r"}""",
            """{"query":"q","response":"r"}""",
            """{"text":"t","messages":[{"role":"user","content":"u"}]}"""
        );

        string message = ReadRow.ErrorOf(path);

        Assert.Contains(
            "rows.jsonl, line 3: expected the string fields query and response",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("found text (string), messages (array)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BadRowPolicy.Fail)]
    [InlineData(BadRowPolicy.Skip)]
    public void Read_UnknownFields_ListsThemAndTheWayOut(BadRowPolicy policy)
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", """{"id":7,"body":"b","meta":{},"tags":[],"ok":true,"none":null}""");

        string message = ReadRow.ErrorOf(path, new RowReaderOptions { OnBadRow = policy });

        Assert.Contains("rows.jsonl", message, StringComparison.Ordinal);
        Assert.Contains(
            "id (number), body (string), meta (object), tags (array), ok (boolean), none (null)",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("--text-field NAME", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TokenIdsWithoutText_AreRefused()
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", """{"input_ids":[1,2],"attention_mask":[1,1],"labels":[-100,2]}""");

        Assert.Contains(
            "no text to embed",
            ReadRow.ErrorOf(path, new() { OnBadRow = BadRowPolicy.Skip }),
            StringComparison.Ordinal
        );
        Assert.Equal("t", ReadRow.TextOf("""{"input_ids":[1,2],"text":"t"}"""));
    }

    [Theory]
    [InlineData("body", """{"body":"b","text":"t"}""", "b")]
    [InlineData("meta.text", """{"meta":{"text":"first","text":"inner"}}""", "inner")]
    [InlineData("a.b.c", """{"a":{"x":0,"b":{"c":"deep"}}}""", "deep")]
    [InlineData("meta.text", """{"meta":{"text":"inner"},"meta.text":"literal"}""", "literal")]
    [InlineData("body", """{"text":"no such field here"}""", "no such field here")]
    [InlineData("id", """{"id":"the id","text":"t"}""", "the id")]
    public void Read_TextField_WinsWhereThereIsOne(string field, string row, string text) =>
        Assert.Equal(text, ReadRow.TextOf(row, textField: field));

    [Fact]
    public void Read_TextFieldNotAString_IsBad()
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", """{"body":"b"}""", """{"body":7}""");

        string message = ReadRow.ErrorOf(path, new() { TextField = "body" });

        Assert.Contains(
            "line 2: expected the field body to be a string, found number",
            message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".")]
    public void TextField_EmptyPart_Throws(string field) =>
        Assert.Throws<ArgumentException>(() => new RowReaderOptions { TextField = field });

    [Theory]
    [InlineData("""{"id":"x","text":"t"}""", "x", "rows.v2")]
    [InlineData("""{"id":12.50,"source":"s","dataset":"d","text":"t"}""", "12.50", "s")]
    [InlineData("""{"id":null,"source":"","dataset":"d","text":"t"}""", null, "d")]
    [InlineData("""{"id":[1],"source":7,"text":"t"}""", null, "rows.v2")]
    [InlineData("""{"source":"caf\u00e9","text":"t"}""", null, "café")]
    public void Read_IdAndSource_AreFound(string row, string? id, string source)
    {
        using var folder = new TempFolder();
        ReadRow read = Assert.Single(
            ReadRow.All(folder.Write("rows.v2.jsonl.gz", Compressed.Gzip(System.Text.Encoding.UTF8.GetBytes(row))))
        );

        Assert.Equal(id, read.Id);
        Assert.Equal(source, read.Source);
        Assert.Equal(row, read.Json);
    }
}
