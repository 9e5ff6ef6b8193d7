using System.Text.Json;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// Parquet holds what the JSON says: no number is rounded, no gap is filled, and no empty object fails.
/// </summary>
public sealed class ExactParquetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-export-parquet-").FullName;

    private string Out => Path.Combine(_folder, "export");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Datasets 8365: identifiers above 2^53, beside nulls, without a sign, and of more than 64 bits.
    /// </summary>
    [Theory]
    [InlineData("9007199254740993", "null", "9007199254740995")]
    [InlineData("18446744073709551615", "9223372036854775808", "1")]
    [InlineData("123456789012345678901234567890", "1", "-5")]
    [InlineData("0.5", "1", "2")]
    public void Numbers_AreExact(params string[] numbers)
    {
        IReadOnlyList<JsonElement> read = Export([.. numbers.Select(number => Row(number))]);
        Assert.Equal(
            numbers.Select(number => number == "null" ? null : Plain(number)),
            read.Select(row => row.GetProperty("num")).Select(Number)
        );
    }

    /// <summary>A fraction beside an integer that float64 would round: both are text.</summary>
    [Fact]
    public void Numbers_ThatNoTypeHolds_AreText()
    {
        IReadOnlyList<JsonElement> read = Export([Row("9007199254740993"), Row("0.5")]);
        Assert.Equal(["9007199254740993", "0.5"], read.Select(row => row.GetProperty("num").GetString()));
    }

    [Fact]
    public void Number_BeyondFloat64_IsRefused() =>
        Assert.Contains(
            "line 1: expected num to be a number that a column can hold, found 1e400",
            Assert.Throws<InvalidDataException>(() => Export([Row("1e400")])).Message,
            StringComparison.Ordinal
        );

    /// <summary>Arrow 9886 and datasets 8074: an empty object has no column type.</summary>
    [Fact]
    public void EmptyObjects_AreJsonText()
    {
        IReadOnlyList<JsonElement> read = Export(["""{"text":"a","meta":{}}""", """{"text":"b","meta":{}}"""]);
        Assert.Equal(["{}", "{}"], read.Select(row => row.GetProperty("meta").GetString()));
    }

    /// <summary>Arguments that are empty in every call.</summary>
    [Fact]
    public void EmptyArguments_AreJsonText()
    {
        const string row =
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"now","arguments":{}}}]},{"role":"assistant","content":"ok"}]}""";
        JsonElement call = Export([row])[0].GetProperty("messages")[1].GetProperty("tool_calls")[0];
        Assert.Equal("{}", call.GetProperty("function").GetProperty("arguments").GetString());
    }

    /// <summary>Objects that lack each other's fields, and places with several kinds.</summary>
    [Fact]
    public void RaggedAndMixedObjects_AreJsonText()
    {
        IReadOnlyList<JsonElement> read = Export([
            """{"text":"a","meta":{"x":1},"any":[1]}""",
            """{"text":"b","meta":{"y":"z"},"any":"one"}""",
        ]);
        Assert.Equal(["""{"x":1}""", """{"y":"z"}"""], read.Select(row => row.GetProperty("meta").GetString()));
        Assert.Equal(["[1]", "\"one\""], read.Select(row => row.GetProperty("any").GetString()));
    }

    private static string Row(string number) => $$"""{"text":"a","num":{{number}}}""";

    /// <summary>Returns the digits of a number, whether it is written with a fraction of zero or not.</summary>
    private static string Plain(string number) =>
        number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    private static string? Number(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Plain(value.GetString()!),
            _ => Plain(value.GetRawText()),
        };

    private List<JsonElement> Export(string[] rows)
    {
        string selection = Path.Combine(_folder, "out");
        Directory.CreateDirectory(selection);
        File.WriteAllLines(Path.Combine(selection, "selected.jsonl"), rows);
        ExportJob.Run(
            new ExportJobOptions
            {
                Selection = selection,
                Trainer = Trainer.HuggingFace,
                Output = Out,
            },
            TestContext.Current.CancellationToken
        );
        List<JsonElement> read = [];
        string path = Directory.GetFiles(Path.Combine(Out, "data")).Single();
        using RowFile file = new(path, path, RowReader.LongestRow);
        while (file.TryRead(out ReadOnlyMemory<byte> row, out string? problem))
        {
            Assert.Null(problem);
            using JsonDocument document = JsonDocument.Parse(row);
            read.Add(document.RootElement.Clone());
        }

        return read;
    }
}
