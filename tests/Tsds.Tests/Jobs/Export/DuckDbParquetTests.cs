using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Tsds.Jobs.Export;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// Exported Parquet, read by DuckDB and compared value by value with the JSON: nothing is rounded, filled or lost.
/// </summary>
public sealed class DuckDbParquetTests : IDisposable
{
    private const int Files = 24;
    private const int RowsPerFile = 30;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_ValuesOfEveryKind_AreTheSameInDuckDb()
    {
        for (int file = 0; file < Files; file++)
        {
            string[] rows = Generate(new Random(file));
            IReadOnlyList<string> read = ReadBack(Export(rows), "to_json(t)::VARCHAR");
            Assert.Equal(rows.Length, read.Count);
            HashSet<string> mixed = MixedColumns(rows);
            for (int i = 0; i < rows.Length; i++)
            {
                using JsonDocument before = JsonDocument.Parse(rows[i]);
                using JsonDocument after = JsonDocument.Parse(read[i]);
                foreach (JsonProperty column in before.RootElement.EnumerateObject())
                {
                    JsonElement value = after.RootElement.GetProperty(column.Name);
                    bool isSame = mixed.Contains(column.Name)
                        ? column.Value.ValueKind == JsonValueKind.Null
                            ? value.ValueKind == JsonValueKind.Null
                            : IsSameText(column.Value, value)
                        : IsSame(column.Value, value);
                    Assert.True(isSame, $"file {file}, row {i}: {column.Name} was {column.Value}, is {value}");
                }
            }
        }
    }

    [Theory]
    [InlineData("BIGINT", "9223372036854775807", "-9223372036854775808", "9007199254740993")]
    [InlineData("UBIGINT", "18446744073709551615", "9223372036854775808", "1")]
    [InlineData("DECIMAL(38,0)", "12345678901234567890123456789012345678", "-5", "18446744073709551616")]
    [InlineData("DOUBLE", "0.1", "-2.5", "1e-300")]
    [InlineData("VARCHAR", "9007199254740993", "0.5", "1")]
    [InlineData("VARCHAR", "123456789012345678901234567890123456789", "1", "2")]
    public void Run_Numbers_HaveATypeThatHoldsAllOfThem(string type, params string[] numbers)
    {
        string path = Export([
            .. numbers.Select(number => $$"""{"text":"a","num":{{number}}}"""),
            """{"text":"a","num":null}""",
        ]);
        IReadOnlyList<string> read = ReadBack(path, "typeof(num) || ' ' || coalesce(num::VARCHAR, 'null')");
        IEnumerable<string> expected = numbers.Select(number =>
            type == "DOUBLE"
                ? double.Parse(number, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)
                : number
        );
        Assert.All(read, value => Assert.StartsWith(type + " ", value, StringComparison.Ordinal));
        Assert.Equal([.. expected.Select(Plain), "null"], read.Select(value => Plain(value[(type.Length + 1)..])));
    }

    private static string Plain(string number) => number.Replace("E-", "e-", StringComparison.Ordinal);

    private static string[] Generate(Random random)
    {
        string[] names = [.. Enumerable.Range(0, 17).Where(_ => random.Next(4) > 0).Select(kind => $"c{kind}")];
        return
        [
            .. Enumerable
                .Range(0, RowsPerFile)
                .Select(i =>
                {
                    JsonObject row = new() { ["text"] = $"row {i} ünïcode \n\t\"q\" 🎉" };
                    foreach (string name in names)
                    {
                        row[name] =
                            random.Next(8) == 0
                                ? null
                                : JsonNode.Parse(Value(int.Parse(name[1..], CultureInfo.InvariantCulture), random));
                    }

                    return row.ToJsonString();
                }),
        ];
    }

    private static string Value(int kind, Random random)
    {
        long large = random.NextInt64();
        return kind switch
        {
            0 => $"{large}",
            1 => $"{-large}",
            2 => $"{(ulong)large + 9223372036854775808UL}",
            3 => $"{large}{random.NextInt64(1_000_000_000_000)}",
            4 => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
            5 => random.Next(2) == 0 ? "0.25" : $"{large}",
            6 => random.Next(2) == 0 ? "true" : "false",
            7 => $"[{large},{random.Next(9)}]",
            8 => random.Next(3) == 0 ? "[]" : """[{"a":1,"b":"x"},{"a":2,"b":null}]""",
            9 => $$"""{"a":{{large}},"b":{"c":"d"} }""",
            10 => random.Next(2) == 0 ? """{"a":1}""" : """{"b":"two"}""",
            11 => "{}",
            12 => random.Next(2) == 0 ? "[1]" : "\"one\"",
            13 => "null",
            14 => $"[[{random.Next(9)}],[],[1,2]]",
            15 => random.Next(2) == 0 ? "[{}]" : "[]",
            _ => "\"" + new string('é', random.Next(3)) + "{}\"",
        };
    }

    /// <summary>Returns the columns that hold both lists or objects and other values: they are JSON text.</summary>
    private static HashSet<string> MixedColumns(string[] rows) =>
        [
            .. rows.SelectMany(row => JsonNode.Parse(row)!.AsObject())
                .Where(field => field.Value is not null)
                .GroupBy(field => field.Key)
                .Where(group =>
                    group.Any(field => field.Value is JsonObject or JsonArray)
                    && group.Select(field => field.Value!.GetValueKind()).Distinct().Count() > 1
                )
                .Select(group => group.Key),
        ];

    private static bool IsSame(JsonElement before, JsonElement after) =>
        before.ValueKind switch
        {
            JsonValueKind.Null => after.ValueKind == JsonValueKind.Null,
            JsonValueKind.String => after.ValueKind == JsonValueKind.String && before.GetString() == after.GetString(),
            JsonValueKind.Number when after.ValueKind == JsonValueKind.String => before.GetRawText()
                == after.GetString(),
            JsonValueKind.Number => after.ValueKind == JsonValueKind.Number && IsSameNumber(before, after),
            JsonValueKind.Object or JsonValueKind.Array when after.ValueKind == JsonValueKind.String => IsSameText(
                before,
                after
            ),
            JsonValueKind.Array => after.ValueKind == JsonValueKind.Array
                && before.GetArrayLength() == after.GetArrayLength()
                && before.EnumerateArray().Zip(after.EnumerateArray(), IsSame).All(isSame => isSame),
            JsonValueKind.Object => after.ValueKind == JsonValueKind.Object
                && before.EnumerateObject().Count() == after.EnumerateObject().Count()
                && before.EnumerateObject().All(field => IsSame(field.Value, after.GetProperty(field.Name))),
            _ => before.ValueKind == after.ValueKind,
        };

    private static bool IsSameNumber(JsonElement before, JsonElement after) =>
        BigInteger.TryParse(before.GetRawText(), CultureInfo.InvariantCulture, out BigInteger exact)
        && BigInteger.TryParse(after.GetRawText(), CultureInfo.InvariantCulture, out BigInteger read)
            ? exact == read
            : before.GetDouble() == after.GetDouble();

    private static bool IsSameText(JsonElement before, JsonElement after)
    {
        if (after.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        using JsonDocument text = JsonDocument.Parse(after.GetString()!);
        return JsonElement.DeepEquals(before, text.RootElement);
    }

    private static List<string> ReadBack(string path, string expression)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {expression} FROM read_parquet($1) t";
        command.Parameters.Add(new DuckDBParameter(path));
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private string Export(string[] rows)
    {
        _folder.Write("out/selected.jsonl", rows);
        ExportJob.Run(
            new ExportJobOptions
            {
                Selection = _folder["out"],
                Trainer = Trainer.HuggingFace,
                Output = _folder["export"],
                Force = true,
            },
            TestContext.Current.CancellationToken
        );
        return Directory.GetFiles(Path.Combine(_folder["export"], "data")).Single();
    }
}
