using System.IO.Compression;
using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>
/// Files that cannot be rows, and lines that cannot be one: the message names the cause and what to do.
/// </summary>
public sealed class FileCauseTests
{
    private const string Good = """{"text":"a good row"}""";

    public static TheoryData<string, byte[], string> Files =>
        new()
        {
            { "a.jsonl.xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4], "found xz. Unpack it with" },
            { "a.jsonl.bz2", "BZh91AY&SY"u8.ToArray(), "found bzip2. Unpack it with" },
            { "a.jsonl", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "found xz" },
            { "a.jsonl.gz", Encoding.UTF8.GetBytes(Good), "expected gzip, as the name says, found plain text" },
            {
                "a.parquet",
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"u8.ToArray(),
                "found a Git LFS pointer"
            },
            {
                "a.jsonl",
                Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Good)).ToArray(),
                "found UTF-16"
            },
            { "b.jsonl", Encoding.Unicode.GetBytes(Good), "found UTF-16" },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_FileOfAnotherKind_NamesTheCause(string name, byte[] bytes, string cause)
    {
        using var folder = new TempFolder();
        string message = ReadRow.ErrorOf(folder.Write(name, bytes));
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FolderWithAPartThatIsNotRead_DoesNotLeaveItOut()
    {
        using var folder = new TempFolder();
        string plain = folder.Write("a.jsonl", Good);
        folder.Write("b.jsonl.xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]);
        IReadOnlyList<string> paths = RowFiles.Resolve([Path.GetDirectoryName(plain)!]);
        Assert.Equal(["a.jsonl", "b.jsonl.xz"], paths.Select(path => Path.GetFileName(path)!));
    }

    [Theory]
    [InlineData("""{"text":"x","score":NaN}""", "found NaN at byte 21, which JSON does not have; write null")]
    [InlineData("""{"text":"x","score":-Infinity}""", "found Infinity at byte")]
    [InlineData("{", "goes on in the next line; give a file of indented JSON a name that ends in .json")]
    [InlineData("\uFEFF{\"text\":\"x\"}", "found a byte order mark (BOM) before it")]
    public void Read_LineOfAnotherKind_NamesTheCause(string line, string cause)
    {
        using var folder = new TempFolder();
        string message = ReadRow.ErrorOf(folder.Write("a.jsonl", $"{Good}\n{line}\n"));
        Assert.Contains("line 2: ", message, StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeeperThan64Levels_IsRefusedHereAndNotLater()
    {
        using var folder = new TempFolder();
        string Nested(int depth) => $$"""{"text":"x","d":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Assert.Single(ReadRow.All(folder.Write("ok.jsonl", Nested(63))));
        Assert.Contains(
            "expected JSON of at most 64 levels",
            ReadRow.ErrorOf(folder.Write("deep.jsonl", Nested(64))),
            StringComparison.Ordinal
        );
    }

    /// <summary>Files that were cut or damaged say so, and not in the words of a library.</summary>
    [Fact]
    public void Read_CutOrDamagedFile_NamesTheCause()
    {
        using var folder = new TempFolder();
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Good + "\n", 500))));
        }

        string gz = ReadRow.ErrorOf(folder.Write("a.jsonl.gz", packed.ToArray()[..40]));
        Assert.Contains(": the file was cut, or is damaged. Fetch", gz, StringComparison.Ordinal);
        string parquet = ReadRow.ErrorOf(folder.Write("a.parquet", [.. "PAR1"u8, .. new byte[100]]));
        Assert.Contains("Parquet magic bytes not found in footer", parquet, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", parquet, StringComparison.Ordinal);
        string json = ReadRow.ErrorOf(folder.Write("a.json", "[{\"text\":\"a\"},]"));
        Assert.Contains("trailing comma", json, StringComparison.Ordinal);
        Assert.DoesNotContain("reader options", json, StringComparison.Ordinal);
    }

    /// <summary>A list that Python printed is no JSON, and its rows are not taken for text.</summary>
    [Fact]
    public void Read_ListAsPythonPrintsIt_NamesTheCause()
    {
        using var folder = new TempFolder();
        string path = folder.Write("t.csv", "id,messages", "0,\"[{'role': 'user', 'content': 'Ask'}]\"");
        Assert.Contains(
            "row 1: expected the column messages to hold JSON, found a list as Python prints it",
            ReadRow.ErrorOf(path),
            StringComparison.Ordinal
        );
    }

    /// <summary>Files that do not quote: a quotation mark is text, and no row swallows another.</summary>
    [Theory]
    [InlineData("t.tsv", '\t')]
    [InlineData("t.csv", ',')]
    public void Read_WithoutQuotes_EachLineIsARow(string name, char separator)
    {
        using var folder = new TempFolder();
        string[] lines =
        [
            "id|text",
            "1|\"Begin",
            "2|he said \\\"hi\\\" to me",
            "3|\"one\" of two",
            "",
            "4|too|many",
            "5|plain\r",
        ];
        string path = folder.Write(name, [.. lines.Select(line => line.Replace('|', separator))]);
        RowReaderOptions options = new() { CellQuotes = CellQuotes.None, OnBadRow = BadRowPolicy.Skip };
        RowReader reader = new([path], options);
        Assert.Equal(
            ["\"Begin", "he said \\\"hi\\\" to me", "\"one\" of two", "plain"],
            ReadRow.All(reader).Select(row => row.Text)
        );
        SkippedRow skipped = Assert.Single(reader.SkippedRows);
        Assert.Equal((4, "expected 2 cells, as in the header, found 3"), (skipped.Line, skipped.Reason));
        Assert.Contains("--csv-quote none", ReadRow.ErrorOf(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,text\n1,\"he said \\\"hi\\\" to me\"\n2,plain\n", 1)]
    [InlineData("id\ttext\n1\t\"Begin one\" of two\n2\tplain\n", 1)]
    public void Read_TextAfterAClosingQuote_IsABadRow(string table, long row)
    {
        using var folder = new TempFolder();
        string path = folder.Write(table.Contains('\t', StringComparison.Ordinal) ? "t.tsv" : "t.csv", table);
        string message = ReadRow.ErrorOf(path);
        Assert.Contains($"row {row}: expected a separator or the end of the row", message, StringComparison.Ordinal);
        RowReader reader = new([path], new RowReaderOptions { OnBadRow = BadRowPolicy.Skip });
        Assert.Single(reader.Read(RowFields.All, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(1, reader.SkippedCount);
    }
}
