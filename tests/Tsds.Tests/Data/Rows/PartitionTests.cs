using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>Folders that carry columns in their names, as Hive, Spark and Arrow write tables.</summary>
public sealed class PartitionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TableInPartitions_HasTheirColumnsAndSource()
    {
        _folder.Write("lang=en/year=2024/part-0.csv", "text", "hello");
        _folder.Write("lang=de/year=__HIVE_DEFAULT_PARTITION__/part-0.csv", "text,lang", "hallo,at");
        _folder.Write("lang=a%2Fb/part-0.csv", "text,source", "x,own");

        List<ReadRow> rows = ReadRow.All(new RowReader(RowFiles.Resolve([_folder.Root])));

        Assert.Equal(
            [
                ("""{"text":"x","source":"own","lang":"a/b"}""", "own"),
                ("""{"text":"hallo","lang":"at","year":null}""", "lang=de/year=null"),
                ("""{"text":"hello","lang":"en","year":"2024"}""", "lang=en/year=2024"),
            ],
            rows.Select(row => (row.Json, row.Source))
        );
    }

    [Theory]
    [InlineData("part-0.parquet")]
    [InlineData("part-0.arrow")]
    public void Read_BinaryTableInPartitions_HasTheirColumnsAndItsOwnSource(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Root, "lang=en", "year=2024")).FullName;
        string path = Path.Combine(folder, name);
        if (name.EndsWith("parquet", StringComparison.Ordinal))
        {
            TableFiles.WriteParquet(path, 4, TableFiles.Chats(0, 6));
        }
        else
        {
            TableFiles.WriteArrow(path, isStream: false, null, TableFiles.Chats(0, 6));
        }

        List<ReadRow> rows = ReadRow.All(new RowReader(RowFiles.Resolve([_folder.Root])));

        Assert.Equal(
            Enumerable
                .Range(0, 6)
                .Select(i =>
                    (TableFiles.ChatJson(i)[..^1] + ",\"lang\":\"en\",\"year\":\"2024\"}", i % 2 == 0 ? "web" : "code")
                ),
            rows.Select(row => (row.Json, row.Source ?? ""))
        );
    }

    [Fact]
    public void Read_JsonInPartitions_StaysByteForByteAndHasTheirSource()
    {
        const string json = """{"text": "hello"}""";
        _folder.Write("lang=en/a.jsonl", json);
        ReadRow row = Assert.Single(ReadRow.All(new RowReader(RowFiles.Resolve([_folder.Root]))));
        Assert.Equal((json, "lang=en"), (row.Json, row.Source));
    }

    [Fact]
    public void Read_PartitionOfTheSource_IsTheSource()
    {
        _folder.Write("source=web/a.csv", "text", "hello");
        Assert.Equal("web", Assert.Single(ReadRow.All(new RowReader(RowFiles.Resolve([_folder.Root])))).Source);
    }
}
