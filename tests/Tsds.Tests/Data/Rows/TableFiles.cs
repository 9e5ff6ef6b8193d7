using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace Tsds.Tests.Data.Rows;

/// <summary>
/// Writes rows of every kind of value into files of tables, through the libraries that own the formats.
/// </summary>
internal static class TableFiles
{
    private static readonly StructType Message = new([
        new Field("role", StringType.Default, true),
        new Field("content", StringType.Default, true),
        new Field("name", StringType.Default, true),
    ]);

    private static readonly DictionaryType Word = new(Int8Type.Default, StringType.Default, ordered: false);

    /// <summary>Chats with a list of structs, a dictionary of strings, nested lists and nulls.</summary>
    public static RecordBatch Chats(int first, int count)
    {
        StringArray.Builder roles = new();
        StringArray.Builder contents = new();
        StringArray.Builder names = new();
        ArrowBuffer.Builder<int> offsets = new();
        Int64Array.Builder ids = new();
        DoubleArray.Builder scores = new();
        Int8Array.Builder sources = new();
        var scoreLists = new ListArray.Builder(Int32Type.Default);
        for (int i = first; i < first + count; i++)
        {
            offsets.Append(roles.Length);
            ids.Append(i);
            roles.Append("user");
            contents.Append($"question {i} \"quoted\" ä 😀");
            roles.Append("assistant");
            contents.Append($"answer\n{i}");
            names.AppendNull();
            names.Append("bot");
            if (i % 3 == 2)
            {
                scores.AppendNull();
                scoreLists.AppendNull();
            }
            else
            {
                scores.Append(i + 0.25);
                scoreLists.Append();
                ((Int32Array.Builder)scoreLists.ValueBuilder).Append(i);
            }

            sources.Append((sbyte)(i % 2));
        }

        offsets.Append(roles.Length);
        var messages = new StructArray(
            Message,
            roles.Length,
            [roles.Build(), contents.Build(), names.Build()],
            ArrowBuffer.Empty
        );
        var lists = new ListArray(
            new ListType(new Field("element", Message, true)),
            count,
            offsets.Build(),
            messages,
            ArrowBuffer.Empty
        );
        StringArray words = new StringArray.Builder().Append("web").Append("code").Build();
        Schema schema = new(
            [
                new Field("id", Int64Type.Default, true),
                new Field("messages", lists.Data.DataType, true),
                new Field("score", DoubleType.Default, true),
                new Field("source", Word, true),
                new Field("tags", new ListType(new Field("item", Int32Type.Default, true)), true),
            ],
            null
        );
        return new RecordBatch(
            schema,
            [ids.Build(), lists, scores.Build(), new DictionaryArray(Word, sources.Build(), words), scoreLists.Build()],
            count
        );
    }

    /// <summary>
    /// Returns row i of <see cref="Chats"/> as JSON; the encoder escapes characters beyond the basic plane.
    /// </summary>
    public static string ChatJson(int i)
    {
        string source = i % 2 == 0 ? "web" : "code";
        string rest =
            i % 3 == 2
                ? $"\"score\":null,\"source\":\"{source}\",\"tags\":null"
                : $"\"score\":{i}.25,\"source\":\"{source}\",\"tags\":[{i}]";
        return $$"""{"id":{{i}},"messages":[{"role":"user","content":"question {{i}} \"quoted\" ä \uD83D\uDE00","name":null},{"role":"assistant","content":"answer\n{{i}}","name":"bot"}],{{rest}}}""";
    }

    public static void WriteParquet(string path, int rowGroup, params RecordBatch[] batches)
    {
        using var writer = new FileWriter(path, batches[0].Schema);
        foreach (RecordBatch batch in batches)
        {
            writer.WriteRecordBatch(batch, rowGroup);
        }

        writer.Close();
    }

    public static void WriteArrow(string path, bool isStream, CompressionCodecType? codec, params RecordBatch[] batches)
    {
        using FileStream file = File.Create(path);
        var options = new IpcOptions
        {
            CompressionCodec = codec,
            CompressionCodecFactory = codec is null ? null : new CompressionCodecFactory(),
        };
        using ArrowStreamWriter writer = isStream
            ? new ArrowStreamWriter(file, batches[0].Schema, leaveOpen: true, options)
            : new ArrowFileWriter(file, batches[0].Schema, leaveOpen: true, options);
        writer.WriteStart();
        foreach (RecordBatch batch in batches)
        {
            writer.WriteRecordBatch(batch);
        }

        writer.WriteEnd();
    }
}
