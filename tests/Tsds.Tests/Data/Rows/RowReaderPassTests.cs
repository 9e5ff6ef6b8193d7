using System.Security.Cryptography;
using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowReaderPassTests
{
    private static readonly string[] Mixed =
    [
        """{"id":1,"text":"a"}""",
        "oops",
        string.Empty,
        """{"id":2,"text":" "}""",
        """{"id":3,"messages":[{"role":"user","content":"b"}]}""",
        """{"id":4,"text":"c"}""",
        "[]",
    ];

    [Theory]
    [InlineData(nameof(RowFields.None))]
    [InlineData(nameof(RowFields.Text))]
    [InlineData(nameof(RowFields.Identity))]
    public void Read_AnyFieldsInAnyOrder_NumbersRowsAlike(string names)
    {
        RowFields fields = Enum.Parse<RowFields>(names);
        using var folder = new TempFolder();
        string[] paths =
        [
            folder.Write("a.jsonl", Mixed),
            folder.Write("b.jsonl.gz", Compressed.Gzip(File.ReadAllBytes(folder["a.jsonl"]))),
        ];
        var options = new RowReaderOptions { OnBadRow = BadRowPolicy.Skip, Template = "{user}{text}" };
        List<ReadRow> all = ReadRow.All(new RowReader(paths, options));
        var reader = new RowReader(paths, options);

        // As the first pass, and as a later one.
        for (int pass = 0; pass < 2; pass++)
        {
            IEnumerable<ReadRow> expected = all.Select(row =>
                row with
                {
                    Text = fields.HasFlag(RowFields.Text) ? row.Text : string.Empty,
                    Id = fields.HasFlag(RowFields.Identity) ? row.Id : null,
                    Source = fields.HasFlag(RowFields.Identity) ? row.Source : string.Empty,
                }
            );
            Assert.Equal(expected, ReadRow.All(reader, fields));
            Assert.Equal(all, ReadRow.All(reader));
        }

        Assert.Equal([1L, 5L, 6L, 1L, 5L, 6L], all.Select(row => row.Line));
        Assert.Equal([0L, 1L, 2L, 3L, 4L, 5L], all.Select(row => row.Index));
        Assert.Equal(6, reader.RowCount);
    }

    [Fact]
    public void Only_SomeRows_AreNumberedAmongThemselves()
    {
        using var folder = new TempFolder();
        string[] paths = [folder.Write("a.jsonl", Mixed), folder.Write("b.jsonl", Mixed)];
        var reader = new RowReader(paths, new RowReaderOptions { OnBadRow = BadRowPolicy.Skip });
        List<ReadRow> all = ReadRow.All(reader);
        MarkedRows some = new(reader.RowCount);
        some.Add(5);
        some.Add(1);
        some.Add(3);
        some.Add(1);

        RowReader only = reader.Only(some);
        IEnumerable<ReadRow> expected = Enumerable.Range(0, 3).Select(i => all[(2 * i) + 1] with { Index = i });
        Assert.Equal(expected, ReadRow.All(only));
        Assert.Equal(expected, ReadRow.All(only));
        Assert.Equal((3, 6L), (only.RowCount, only.SkippedCount));
        Assert.Equal(all, ReadRow.All(reader));
    }

    [Fact]
    public void Read_TextsOfSomeRows_AreReadAndNoOthers()
    {
        using var folder = new TempFolder();
        string path = folder.Write("a.jsonl", Mixed);
        var reader = new RowReader([path], new RowReaderOptions { OnBadRow = BadRowPolicy.Skip });
        List<ReadRow> all = ReadRow.All(reader);

        Row[] rows =
        [
            .. reader.Read(
                RowFields.All,
                new long[] { 0, 2 },
                cancellationToken: TestContext.Current.CancellationToken
            ),
        ];

        Assert.Equal(["a", "", "c"], all.Select((row, i) => i == 1 ? "" : row.Text));
        Assert.Equal(["a", "", "c"], rows.Select(row => row.Text));
        Assert.Equal(all.Select(row => row.Id), rows.Select(row => row.Id));
    }

    [Theory]
    [InlineData(".jsonl")]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    public void Files_Sha256_IsThatOfTheBytesOnDisk(string container)
    {
        using var folder = new TempFolder();
        byte[] rows = [.. Enumerable.Repeat("{\"text\":\"a\"}\n"u8.ToArray(), 100_000).SelectMany(row => row)];
        byte[] bytes =
            container == ".jsonl" ? rows
            : container == ".jsonl.gz" ? Compressed.Gzip(rows)
            : Compressed.Zstandard(rows);
        string path = folder.Write("rows" + container, bytes);
        var reader = new RowReader([path]);
        var progress = new RecordedProgress();

        Assert.Equal(100_000, reader.Read(RowFields.None, progress, TestContext.Current.CancellationToken).Count());

        InputFile file = Assert.Single(reader.Files);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Sha256);
        Assert.Equal((path, bytes.LongLength, 100_000L, 0L), (file.Path, file.Bytes, file.Rows, file.SkippedRows));
        Assert.Equal(bytes.LongLength, progress.Values[^1]);
        Assert.Equal(progress.Values.Order(), progress.Values);
    }

    [Theory]
    [InlineData("""{"text":"b"}""", nameof(RowFields.None))]
    [InlineData("""{"text":"aa"}""", nameof(RowFields.None))]
    [InlineData("""{"text":"b"}""", nameof(RowFields.All))]
    [InlineData("""{"text":7  }""", nameof(RowFields.All))]
    [InlineData("""{"text":"a""", nameof(RowFields.Identity))]
    public void Read_FileChangedBetweenPasses_Throws(string changed, string names)
    {
        RowFields fields = Enum.Parse<RowFields>(names);
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", """{"text":"a"}""");
        var reader = new RowReader([path]);
        ReadRow.All(reader);
        folder.Write("rows.jsonl", changed);

        IOException error = Assert.Throws<IOException>(() => ReadRow.All(reader, fields));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("changed during the run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LeftEarly_LearnsNothingAndClosesTheFile()
    {
        using var folder = new TempFolder();
        var reader = new RowReader([folder.Write("rows.jsonl", Mixed)]);

        Assert.Equal("a", reader.Read(cancellationToken: TestContext.Current.CancellationToken).First().Text);

        Assert.False(reader.IsComplete);
        Assert.Throws<InvalidOperationException>(() => reader.Files);
        Assert.Throws<InvalidOperationException>(() => reader.RowCount);
    }

    [Fact]
    public void Read_Canceled_Throws()
    {
        using var folder = new TempFolder();
        using var cancellation = new CancellationTokenSource();
        var reader = new RowReader([folder.Write("rows.jsonl", """{"text":"a"}""", """{"text":"b"}""")]);

        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (Row row in reader.Read(RowFields.None, progress: null, cancellation.Token))
            {
                Assert.Equal(0, row.Index);
                cancellation.Cancel();
            }
        });
    }

    [Fact]
    public void Read_MissingFile_Throws()
    {
        using var folder = new TempFolder();
        Assert.Throws<FileNotFoundException>(() => ReadRow.All(folder["none.jsonl"]));
    }

    [Fact]
    public void Constructor_NoPaths_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RowReader([]));
        Assert.Throws<ArgumentException>(() => new RowReader([string.Empty]));
    }

    [Theory]
    [InlineData(nameof(RowFields.None))]
    [InlineData(nameof(RowFields.All))]
    public void Read_HundredsOfMegabytes_AllocatesNothingButTheStrings(string names)
    {
        RowFields fields = Enum.Parse<RowFields>(names);
        using var folder = new TempFolder();
        byte[] row = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"id":12345678,"text":"{{new string('x', 4000)}}"}""" + "\n"
        );
        byte[] frame = Compressed.Zstandard([.. Enumerable.Repeat(row, 250).SelectMany(bytes => bytes)]);
        using (FileStream stream = File.Create(folder["big.jsonl.zst"]))
        {
            for (int i = 0; i < 300; i++)
            {
                stream.Write(frame);
            }
        }

        // The pass runs on this thread alone, so that tests beside this one do not count.
        var reader = new RowReader([folder["big.jsonl.zst"]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long rows = 0;
        long strings = 0;
        foreach (Row read in reader.Read(fields, progress: null, TestContext.Current.CancellationToken))
        {
            rows++;
            strings += StringBytes(read.Text) + StringBytes(read.Id);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(300 * 250, rows);
        Assert.InRange(allocated - strings, 0, 2_000_000);
    }

    // Header, length, terminator, and up to the next multiple of 8.
    private static long StringBytes(string? text) =>
        string.IsNullOrEmpty(text) ? 0 : (22 + (2L * text.Length) + 7) / 8 * 8;
}
