using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>JSON arrays, and objects one after the other.</summary>
public sealed class RowReaderJsonTests
{
    private static readonly string[] Objects =
    [
        """{"text":"one [ ] { } \" \\ \u00e4"}""",
        """{"text":"two","deep":[[{"a":[1,2,{"b":null}]}]]}""",
        """{"id":3,"text":"three 😀"}""",
    ];

    public static TheoryData<string> Layouts =>
        [
            "[" + string.Join(",", Objects) + "]",
            "\uFEFF [\n " + string.Join(" ,\r\n\t", Objects) + "\n] \n",
            string.Join("\n", Objects),
            string.Concat(Objects),
            "[" + Objects[0] + "]\n[" + Objects[1] + "]" + Objects[2],
        ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Read_AnyLayout_GivesTheObjectsVerbatim(string layout)
    {
        using var folder = new TempFolder();
        byte[] bytes = Encoding.UTF8.GetBytes(layout);
        foreach (
            string path in new[]
            {
                folder.Write("rows.json", bytes),
                folder.Write("rows.json.gz", Compressed.Gzip(bytes)),
                folder.Write("rows.json.zst", Compressed.Zstandard(bytes)),
            }
        )
        {
            var reader = new RowReader([path]);
            Assert.Equal(Objects, ReadRow.All(reader).Select(row => row.Json));
            Assert.Equal("json" + path[folder["rows.json"].Length..], reader.Files[0].Container);
        }
    }

    [Fact]
    public void Read_IndentedObjects_LoseTheirLineBreaksOnly()
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.json", "[\n  {\n    \"text\": \"a\\nb\",\r\n    \"n\": 1\n  }\n]");

        Assert.Equal("""{    "text": "a\nb",    "n": 1  }""", Assert.Single(ReadRow.All(path)).Json);
    }

    [Fact]
    public void Read_ObjectsOfEverySize_CrossTheBuffers()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        string[] rows =
        [
            .. Enumerable
                .Range(0, 300)
                .Select(i =>
                    $$"""{"text":"{{new string((char)('a' + (i % 26)), 1 + random.Next(i % 50 == 0 ? 300_000 : 3000))}}"}"""
                ),
        ];

        Assert.Equal(
            rows,
            ReadRow.All(folder.Write("rows.json", "[" + string.Join(",\n", rows) + "]")).Select(row => row.Json)
        );
    }

    [Fact]
    public void Read_ArrayUnderTheNameOfLines_IsReadAsOne()
    {
        using var folder = new TempFolder();
        Assert.Equal(
            Objects,
            ReadRow.All(folder.Write("rows.jsonl", "[" + string.Join(",\n", Objects) + "]")).Select(row => row.Json)
        );
    }

    [Theory]
    [InlineData("[{\"text\":\"a\"},{\"text\":tru}]", "row 2: expected JSON, found an error in line 1 at byte 26")]
    [InlineData("[{\"text\":\"a\"}\n{\"text\":\"b\"}]", "row 2: expected JSON, found an error in line 2 at byte 1")]
    [InlineData("[{\"text\":\"a\"}", "row 2: expected JSON")]
    [InlineData("{\"text\":\"a\"", "row 1: expected JSON")]
    [InlineData("[7]", "row 1: expected a JSON object, found number")]
    [InlineData("[[{}]]", "row 1: expected a JSON object, found array")]
    public void Read_Broken_SaysWhere(string json, string expected)
    {
        using var folder = new TempFolder();
        Assert.Contains(expected, ReadRow.ErrorOf(folder.Write("rows.json", json)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepOrLong_IsRefused()
    {
        using var folder = new TempFolder();
        string deep = folder.Write(
            "deep.json",
            "[{\"text\":\"t\",\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}]"
        );
        Assert.Contains("depth", ReadRow.ErrorOf(deep), StringComparison.Ordinal);

        string path = folder.Write("long.json", $$"""[{"text":"{{new string('x', 200_000)}}"}]""");
        var reader = new RowReader([path], new() { MaxLineBytes = 100_000 });
        Assert.Contains(
            "row 1: expected an object of at most 100000 bytes",
            Assert.Throws<InvalidDataException>(() => ReadRow.All(reader)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_BadElement_IsSkippedWhenAsked()
    {
        using var folder = new TempFolder();
        var reader = new RowReader(
            [folder.Write("rows.json", """[{"text":"a"},{"text":5},3,{"text":"b"}]""")],
            new() { OnBadRow = BadRowPolicy.Skip }
        );

        Assert.Equal([1L, 4L], ReadRow.All(reader).Select(row => row.Line));
        Assert.Equal([2L, 3L], reader.SkippedRows.Select(row => row.Line));
    }

    [Fact]
    public void Run_MutatedValidFile_IsReadOrRefused()
    {
        using var folder = new TempFolder();
        byte[] valid = Encoding.UTF8.GetBytes("[\n" + string.Join(",\n", Objects) + "]\n" + Objects[0]);
        for (int seed = 0; seed < 500; seed++)
        {
            RowFuzz.Run(RowFuzz.Mutate(valid, new Random(seed)), ".json", folder);
        }

        for (int length = 0; length < valid.Length; length++)
        {
            RowFuzz.Run(valid.AsSpan(0, length), ".json", folder);
        }
    }
}
