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
