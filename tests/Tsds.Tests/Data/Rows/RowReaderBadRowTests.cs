using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowReaderBadRowTests
{
    private const string Good = """{"text":"good"}""";

    public static TheoryData<string, string> BadRows =>
        new()
        {
            { """{"text":"a" """, "found an error at byte 13" },
            { """{"text":"a"} {"text":"b"}""", "found an error at byte 14" },
            { """{"text":NaN}""", "found an error at byte 9" },
            { "{'text':'a'}", "found an error at byte 2" },
            { "\uFEFF{\"text\":\"mark in the middle\"}", "found an error at byte 1" },
            { """["text"]""", "expected a JSON object, found array" },
            { "7", "expected a JSON object, found number" },
            { "null", "expected a JSON object, found null" },
            { "{}", "found no fields" },
            { """{"text":""}""", "expected some text in the string field text (text), found none" },
            { """{"text":" \u00a0\n\t"}""", "expected some text" },
            { """{"text":null}""", "found text (null)" },
            { """{"text":5}""", "found text (number)" },
            { """{"text":"\ud83d"}""", "half of a surrogate pair" },
            { """{"\ud83d":"","text":"t"}""", "half of a surrogate pair" },
            { """{"input_ids":[1]}""", "expected text, found only token ids" },
            { """{"messages":[]}""", "expected some text in a list of turns with role and content" },
            { """{"messages":["hello"]}""", "expected messages[0] to be an object, found string" },
            {
                """{"messages":[{"role":"user","content":"u"},{"content":"x"}]}""",
                "expected messages[1] to have a string field role"
            },
            { """{"messages":[{"role":"user"}]}""", "expected messages[0] to have content" },
            { """{"messages":[{"role":"user","content":null}]}""", "expected messages[0] to have content" },
            { """{"messages":[{"role":"user","content":7}]}""", "expected the content of messages[0] to be a string" },
            {
                """{"messages":[{"role":"user","content":[7]}]}""",
                "expected the content of messages[0] to be a list of objects"
            },
            {
                """{"instruction":"i","output":"o","input":{}}""",
                "expected the field input to be a string, found object"
            },
            { """{"instruction":"i","output":"o","history":"h"}""", "expected history to be a list" },
            {
                """{"instruction":"i","output":"o","history":["h"]}""",
                "expected history[0] to be a [user, assistant] pair"
            },
            { """{"instruction":"i","output":"o","history":[["h"]]}""", "found a list of 1" },
            { """{"instruction":"i","output":"o","history":[["h",{}]]}""", "expected history[0][1] to be a string" },
            { """{"instruction":"i","output":null}""", "found instruction (string), output (null)" },
            {
                """{"deep":""" + new string('[', 10_000) + new string(']', 10_000) + ""","text":"t"}""",
                "maximum configured depth"
            },
        };

    [Theory]
    [MemberData(nameof(BadRows))]
    public void Read_BadRow_FailsOrIsSkipped(string row, string reason)
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", Good, string.Empty, row, Good);

        string message = ReadRow.ErrorOf(path);
        Assert.StartsWith($"{path}, line 3: expected ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("--on-bad-row skip", message, StringComparison.Ordinal);

        var reader = new RowReader([path], new RowReaderOptions { OnBadRow = BadRowPolicy.Skip });
        Assert.Equal([(1L, 0L), (4L, 1L)], ReadRow.All(reader).Select(kept => (kept.Line, kept.Index)));
        SkippedRow skipped = Assert.Single(reader.SkippedRows);
        Assert.Equal((path, 3L), (skipped.Path, skipped.Line));
        Assert.Contains(reason, skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(1, reader.SkippedCount);
        Assert.Equal((2L, 1L), (reader.Files[0].Rows, reader.Files[0].SkippedRows));
    }

    [Fact]
    public void Read_InvalidUtf8_IsBad()
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", [.. "{\"text\":\"a"u8, 0xC3, 0x28, .. "\"}\n"u8]);

        Assert.Contains("line 1: expected UTF-8", ReadRow.ErrorOf(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyBadRows_ListsThousandAndCountsAll()
    {
        using var folder = new TempFolder();
        string first = folder.Write("a.jsonl", [.. Enumerable.Repeat("{}", 1500), Good]);
        string second = folder.Write("b.jsonl", [Good, .. Enumerable.Repeat("oops", 20)]);
        var reader = new RowReader([first, second], new RowReaderOptions { OnBadRow = BadRowPolicy.Skip });

        // The first 100 rows of the first file fit no schema at all, which no policy forgives.
        Assert.Throws<InvalidDataException>(() => ReadRow.All(reader));

        first = folder.Write("a.jsonl", [Good, .. Enumerable.Repeat("{}", 1500)]);
        Assert.Equal(2, ReadRow.All(reader).Count);
        Assert.Equal(1000, reader.SkippedRows.Count);
        Assert.Equal(1520, reader.SkippedCount);
        Assert.Equal([1500L, 20L], reader.Files.Select(file => file.SkippedRows));
    }

    [Fact]
    public void Read_FirstRowsBroken_LaterRowsAreStillRead()
    {
        using var folder = new TempFolder();
        string path = folder.Write("a.jsonl", [.. Enumerable.Repeat("oops", 150), Good]);
        var reader = new RowReader([path], new RowReaderOptions { OnBadRow = BadRowPolicy.Skip });

        Assert.Equal("good", Assert.Single(ReadRow.All(reader)).Text);
        Assert.Equal("text", reader.Files[0].Schema);
    }

    [Fact]
    public void Read_NoRowAtAll_Throws()
    {
        using var folder = new TempFolder();
        string empty = folder.Write("empty.jsonl", Array.Empty<byte>());
        string blank = folder.Write("blank.jsonl", Encoding.UTF8.GetBytes("\uFEFF\r\n \t\n\n"));
        string bad = folder.Write("bad.jsonl", "oops");

        Assert.Contains("expected at least one row, found none.", ReadRow.ErrorOf(empty), StringComparison.Ordinal);
        Assert.Contains("expected at least one row, found none.", ReadRow.ErrorOf(blank), StringComparison.Ordinal);
        Assert.Contains(
            "found none that can be used; 1 were skipped, the first because",
            ReadRow.ErrorOf(bad, new() { OnBadRow = BadRowPolicy.Skip }),
            StringComparison.Ordinal
        );

        var reader = new RowReader([empty, folder.Write("good.jsonl", Good), blank]);
        Assert.Equal(1, Assert.Single(ReadRow.All(reader)).FileIndex);
        Assert.Equal(["", "text", ""], reader.Files.Select(file => file.Schema));
    }
}
