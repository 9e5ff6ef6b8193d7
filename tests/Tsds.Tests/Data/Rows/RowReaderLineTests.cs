using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowReaderLineTests
{
    private const string A = """{"text":"a"}""";
    private const string B = """{"text":"b"}""";

    [Theory]
    [InlineData(A + "\n" + B + "\n", 1, 2)]
    [InlineData(A + "\n" + B, 1, 2)]
    [InlineData(A + "\r\n" + B + "\r\n", 1, 2)]
    [InlineData("\uFEFF" + A + "\n" + B + "\r", 1, 2)]
    [InlineData("\n \t\r\n" + A + "\n\n\n" + B + "\n\n", 3, 6)]
    public void Read_LineEndings_AreNotPartOfRows(string content, long first, long second)
    {
        using var folder = new TempFolder();
        List<ReadRow> rows = ReadRow.All(folder.Write("rows.jsonl", Encoding.UTF8.GetBytes(content)));

        Assert.Equal(
            [(A, "a", first, 0L), (B, "b", second, 1L)],
            rows.Select(row => (row.Json, row.Text, row.Line, row.Index))
        );
    }

    [Fact]
    public void Read_SpacesAroundTheObject_StayPartOfTheRow()
    {
        using var folder = new TempFolder();
        Assert.Equal($"  {A}\t", Assert.Single(ReadRow.All(folder.Write("rows.jsonl", $"  {A}\t"))).Json);
    }

    [Fact]
    public void Read_EveryLengthAroundABlock_GivesTheSameRows()
    {
        using var folder = new TempFolder();
        var lines = new List<string>();
        for (int length = (1 << 20) - 20; length < (1 << 20) + 4; length++)
        {
            lines.Add($$"""{"text":"{{new string('x', length)}}"}""");
            lines.Add(A);
        }

        List<ReadRow> rows = ReadRow.All(folder.Write("rows.jsonl", [.. lines]));

        Assert.Equal(lines, rows.Select(row => row.Json));
    }

    [Fact]
    public void Read_LineOf50Megabytes_IsARow()
    {
        using var folder = new TempFolder();
        const int Length = 50_000_000;
        string path = folder.Write(
            "rows.jsonl.zst",
            Compressed.Zstandard([
                .. Encoding.UTF8.GetBytes($"{A}\n{{\"text\":\""),
                .. Enumerable.Repeat((byte)'x', Length),
                .. "\"}\n"u8,
            ])
        );

        int[] lengths = [.. ReadRow.All(path).Select(row => row.Text.Length)];

        Assert.Equal([1, Length], lengths);
    }

    [Fact]
    public void Read_LineBeyondTheLimit_IsABadRowAndTheNextIsRead()
    {
        using var folder = new TempFolder();
        const int Limit = 1 << 21;
        string fits = $$"""{"text":"{{new string('x', Limit - 11)}}"}""";
        string tooLong = fits.Insert(10, "x");
        string path = folder.Write("rows.jsonl", A, tooLong + tooLong, fits, tooLong, B);
        var options = new RowReaderOptions { OnBadRow = BadRowPolicy.Skip, MaxLineBytes = Limit };

        string message = Assert
            .Throws<InvalidDataException>(() => ReadRow.All(new RowReader([path], new() { MaxLineBytes = Limit })))
            .Message;
        Assert.Contains("line 2: expected a line of at most 2097152 bytes", message, StringComparison.Ordinal);

        var reader = new RowReader([path], options);
        Assert.Equal([A, fits, B], ReadRow.All(reader).Select(row => row.Json));
        Assert.Equal([A, fits, B], ReadRow.All(reader, RowFields.None).Select(row => row.Json));
        Assert.Equal([2L, 4L], reader.SkippedRows.Select(row => row.Line));
    }
}
