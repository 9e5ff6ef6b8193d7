using System.Security.Cryptography;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>Parquet and Arrow: each row is what it was, as JSON.</summary>
public sealed class RowReaderTableTests
{
    public static TheoryData<string> Tables =>
        ["parquet", "arrow-file", "arrow-stream", "arrow-file lz4", "arrow-stream zstd"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Read_Chats_GivesEveryRowAsJson(string table)
    {
        using var folder = new TempFolder();
        string path = Write(folder, "chats", table, TableFiles.Chats(0, 7), TableFiles.Chats(7, 1000));
        var reader = new RowReader([path]);
        List<ReadRow> rows = ReadRow.All(reader);

        Assert.Equal(Enumerable.Range(0, 1007).Select(TableFiles.ChatJson), rows.Select(row => row.Json));
        Assert.Equal(Enumerable.Range(1, 1007).Select(number => (long)number), rows.Select(row => row.Line));
        Assert.Equal("question 3 \"quoted\" ä 😀\nanswer\n3", rows[3].Text);
        Assert.Equal(("3", "code"), (rows[3].Id, rows[3].Source));
        InputFile file = Assert.Single(reader.Files);
        Assert.Equal((table.Split(' ')[0], "chatml"), (file.Container, file.Schema));
        Assert.Equal(new FileInfo(path).Length, file.Bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), file.Sha256);
        Assert.Equal(rows, ReadRow.All(reader));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Read_CutOrChangedAnywhere_IsReadOrRefusedByName(string table)
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(
            Write(folder, "whole", table, TableFiles.Chats(0, 5), TableFiles.Chats(5, 30))
        );
        string extension = Extension(table);
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] cut = whole[..(seed * whole.Length / 40)];
            string message = ReadRow.ErrorOf(
                folder.Write("cut" + extension, cut),
                new() { OnBadRow = BadRowPolicy.Skip }
            );
            Assert.StartsWith(folder["cut" + extension], message, StringComparison.Ordinal);
        }

        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            byte[] changed = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            RowFuzz.Run(changed, extension, folder);
        }
    }

    [Fact]
    public void Read_EveryType_HasOneForm()
    {
        using var folder = new TempFolder();
        var columns = new (string Name, IArrowArray Values)[]
        {
            ("text", new StringArray.Builder().Append("t").Append("u").Build()),
            ("yes", new BooleanArray.Builder().Append(true).AppendNull().Build()),
            ("i8", new Int8Array.Builder().Append(-1).AppendNull().Build()),
            ("u64", new UInt64Array.Builder().Append(ulong.MaxValue).Append(0).Build()),
            ("f32", new FloatArray.Builder().Append(0.1f).Append(float.NaN).Build()),
            ("f64", new DoubleArray.Builder().Append(1e300).Append(double.PositiveInfinity).Build()),
            ("bytes", new BinaryArray.Builder().Append([0, 255]).AppendNull().Build()),
            ("day", new Date32Array.Builder().Append(new DateTime(2024, 2, 29)).AppendNull().Build()),
            (
                "time",
                new TimestampArray.Builder(new TimestampType(TimeUnit.Millisecond, "UTC"))
                    .Append(new DateTimeOffset(2024, 2, 29, 1, 2, 3, 450, TimeSpan.Zero))
                    .AppendNull()
                    .Build()
            ),
            ("money", new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(-1.5m).AppendNull().Build()),
            ("none", new NullArray(2)),
        };
        var schema = new Schema(
            columns.Select(column => new Field(column.Name, column.Values.Data.DataType, true)),
            null
        );
        string path = folder["all.arrow"];
        TableFiles.WriteArrow(
            path,
            isStream: true,
            null,
            new RecordBatch(schema, columns.Select(column => column.Values), 2)
        );

        Assert.Equal(
            [
                """{"text":"t","yes":true,"i8":-1,"u64":18446744073709551615,"f32":0.1,"f64":1E+300,"bytes":"AP8=","day":"2024-02-29","time":"2024-02-29T01:02:03.45Z","money":-1.50,"none":null}""",
                """{"text":"u","yes":null,"i8":null,"u64":0,"f32":null,"f64":null,"bytes":null,"day":null,"time":null,"money":null,"none":null}""",
            ],
            ReadRow.All(path).Select(row => row.Json)
        );
    }

    [Fact]
    public void Read_RowAboveTheLimit_IsBadAndTheNextIsRead()
    {
        using var folder = new TempFolder();
        StringArray texts = new StringArray.Builder().Append("a").Append(new string('b', 2000)).Append("c").Build();
        var schema = new Schema([new Field("text", StringType.Default, true)], null);
        string path = folder["long.parquet"];
        TableFiles.WriteParquet(path, 10, new RecordBatch(schema, [texts], 3));
        var reader = new RowReader([path], new() { OnBadRow = BadRowPolicy.Skip, MaxLineBytes = 1000 });

        Assert.Equal(["a", "c"], ReadRow.All(reader).Select(row => row.Text));
        Assert.Equal(
            (2, "expected a row of at most 1000 bytes, found a longer one"),
            ((int)reader.SkippedRows[0].Line, reader.SkippedRows[0].Reason)
        );
    }

    [Fact]
    public void Read_OtherMagicThanTheName_TakesWhatTheBytesSay()
    {
        using var folder = new TempFolder();
        string parquet = Write(folder, "a", "parquet", TableFiles.Chats(0, 3));
        string arrow = Write(folder, "b", "arrow-file", TableFiles.Chats(0, 3));
        foreach (string source in new[] { parquet, arrow })
        {
            File.Copy(source, folder["lie.jsonl"], overwrite: true);
            Assert.Equal(3, ReadRow.All(folder["lie.jsonl"]).Count);
        }

        Assert.Contains(
            "begins with PAR1",
            ReadRow.ErrorOf(folder.Write("text.parquet", """{"text":"a"}""")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "begins with ARROW1",
            ReadRow.ErrorOf(folder.Write("text.feather", """{"text":"a"}""")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "expected a whole Arrow IPC file",
            ReadRow.ErrorOf(folder.Write("text.arrow", """{"text":"a"}""")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "a",
            Assert
                .Single(ReadRow.All(folder.Write("packed.jsonl", Compressed.Gzip("""{"text":"a"}"""u8.ToArray()))))
                .Text
        );
        Assert.Equal(
            "a",
            Assert
                .Single(ReadRow.All(folder.Write("no-name", Compressed.Zstandard("""{"text":"a"}"""u8.ToArray()))))
                .Text
        );
    }

    private static string Extension(string table) =>
        table.StartsWith("arrow", StringComparison.Ordinal) ? ".arrow" : ".parquet";

    private static string Write(TempFolder folder, string name, string table, params RecordBatch[] batches)
    {
        string path = folder[name + Extension(table)];
        if (table == "parquet")
        {
            TableFiles.WriteParquet(path, rowGroup: 300, batches);
            return path;
        }

        CompressionCodecType? codec =
            table.EndsWith("lz4", StringComparison.Ordinal) ? CompressionCodecType.Lz4Frame
            : table.EndsWith("zstd", StringComparison.Ordinal) ? CompressionCodecType.Zstd
            : null;
        TableFiles.WriteArrow(path, table.StartsWith("arrow-stream", StringComparison.Ordinal), codec, batches);
        return path;
    }
}
