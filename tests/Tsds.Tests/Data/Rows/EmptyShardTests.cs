using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;
using Tsds.Data.Rows;
using Tsds.Jobs.Inspect;

namespace Tsds.Tests.Data.Rows;

/// <summary>
/// Shards without a row, which writers of many parts leave behind: the same to selections and inspections.
/// </summary>
public sealed class EmptyShardTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public EmptyShardTests()
    {
        _folder.Write("a.jsonl", """{"text":"the only row"}""");
        foreach (string name in new[] { "b.jsonl", "c.json", "d.csv", "e.tsv" })
        {
            _folder.Write(name, System.Array.Empty<byte>());
        }

        _folder.Write("blank.jsonl", "", " ");
        _folder.Write("list.json", "[]");
        _folder.Write("header.csv", "id,text");
        // What gzip makes of nothing.
        _folder.Write("f.jsonl.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Schema schema = new([new Field("text", StringType.Default, nullable: true)], metadata: null);
        using (FileWriter parquet = new(_folder["g.parquet"], schema))
        {
            parquet.Close();
        }

        using FileStream stream = File.Create(_folder["h.arrow"]);
        using ArrowStreamWriter arrow = new(stream, schema);
        arrow.WriteStart();
        arrow.WriteEnd();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_FolderWithEmptyShards_HasTheRowsOfTheOthers()
    {
        RowReader reader = new(RowFiles.Resolve([_folder.Root]));
        Assert.Equal("the only row", Assert.Single(ReadRow.All(reader)).Text);
        Assert.Equal(11, reader.Files.Count);
        Assert.Equal(1, reader.Files.Sum(file => file.Rows));
    }

    [Fact]
    public async Task Inspect_FolderWithEmptyShards_HasNoProblem()
    {
        InspectReport report = await InspectJob.RunAsync(
            new InspectJobOptions { Paths = [_folder.Root] },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(11, report.Files.Count);
        Assert.All(report.Files, file => Assert.Null(file.Problem));
        Assert.Equal(1, report.Rows);
    }
}
