using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>Tables of cells: each record an object of strings, lists where a column holds lists.</summary>
public sealed class RowReaderCsvTests
{
    [Theory]
    [InlineData(".csv", ",")]
    [InlineData(".tsv", "\t")]
    public void Read_Cells_AreFields(string extension, string separator)
    {
        using var folder = new TempFolder();
        string table = "id|instruction|output\r\n1|\"say \"\"hi\"\"\nnow\"|ok\n\n2||say \"hi\"\n".Replace(
            "|",
            separator,
            StringComparison.Ordinal
        );
        foreach (
            string path in new[]
            {
                folder.Write("t" + extension, Encoding.UTF8.GetBytes(table)),
                folder.Write("t" + extension + ".gz", Compressed.Gzip(Encoding.UTF8.GetBytes(table))),
            }
        )
        {
            List<ReadRow> rows = ReadRow.All(path);
            Assert.Equal(
                [
                    """{"id":"1","instruction":"say \"hi\"\nnow","output":"ok"}""",
                    """{"id":"2","instruction":"","output":"say \"hi\""}""",
                ],
                rows.Select(row => row.Json)
            );
            Assert.Equal([("1", 1L), ("2", 2L)], rows.Select(row => (row.Id!, row.Line)));
        }
    }

    [Fact]
    public void Read_ListColumns_AreListsWhenTheyAreJson()
    {
        using var folder = new TempFolder();
        string path = folder.Write(
            "t.csv",
            "messages,note",
            "\"[{\"\"role\"\":\"\"user\"\",\n\"\"content\"\":\"\"u\"\"}]\",[1]"
        );

        ReadRow row = Assert.Single(ReadRow.All(path));
        Assert.Equal("""{"messages":[{"role":"user","content":"u"}],"note":"[1]"}""", row.Json);
        Assert.Equal("u", row.Text);
        Assert.Equal("[1]\nb", Assert.Single(ReadRow.All(folder.Write("u.csv", "prompt,completion", "[1],b"))).Text);
    }

    [Theory]
    [InlineData("text,n\na\n", "row 1: expected 2 cells, as in the header, found 1")]
    [InlineData("text\n\"a\nb", "row 1: expected a closing quote, found the end of the file")]
    [InlineData("text,text\na,b\n", "expected a header with different names, found 'text' twice")]
    [InlineData("", "expected at least one row")]
    [InlineData("body\nb\n", "body (string)")]
    public void Read_Broken_SaysWhere(string table, string expected)
    {
        using var folder = new TempFolder();
        Assert.Contains(
            expected,
            ReadRow.ErrorOf(folder.Write("t.csv", Encoding.UTF8.GetBytes(table))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_NotUtf8_IsABadRow()
    {
        using var folder = new TempFolder();
        var reader = new RowReader(
            [folder.Write("t.csv", [.. "text\na\n"u8, 0xE9, .. "\nb\n"u8])],
            new() { OnBadRow = BadRowPolicy.Skip }
        );

        Assert.Equal(["a", "b"], ReadRow.All(reader).Select(row => row.Text));
        Assert.Equal(
            "expected UTF-8 in the column text, found bytes that are not",
            Assert.Single(reader.SkippedRows).Reason
        );
    }

    [Fact]
    public void Read_BombOfZeros_IsRefusedInLittleMemory()
    {
        using var folder = new TempFolder();
        byte[] zeros = Compressed.Gzip([.. "text\n"u8, .. new byte[20_000_000]]);
        var reader = new RowReader([folder.Write("bomb.csv.gz", zeros)], new() { MaxLineBytes = 1 << 20 });

        Assert.Contains(
            "row 1: expected a table of cells, each row of at most 1048576 bytes",
            Assert.Throws<InvalidDataException>(() => ReadRow.All(reader)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Run_MutatedValidFile_IsReadOrRefused()
    {
        using var folder = new TempFolder();
        byte[] valid = Encoding.UTF8.GetBytes(
            "id,messages,text\n1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"u\"\"}]\",\n"
                + "2,,\"a\n\"\"b\"\"\"\n3,x,ä😀\n"
        );
        for (int seed = 0; seed < 400; seed++)
        {
            RowFuzz.Run(RowFuzz.Mutate(valid, new Random(seed)), ".csv", folder);
        }
    }
}
