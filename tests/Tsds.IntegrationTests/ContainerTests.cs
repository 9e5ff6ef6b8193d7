using System.Globalization;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace Tsds.IntegrationTests;

/// <summary>Every schema in every container that it is common in, from the files to the selection.</summary>
public sealed class ContainerTests : IDisposable
{
    private const int RowsPerFile = 12;

    private static readonly string[] Words =
    [
        "simmer",
        "onion",
        "orbit",
        "galaxy",
        "table",
        "index",
        "butter",
        "comet",
        "join",
        "stock",
    ];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_EverySchemaAndContainer_GivesItsRows()
    {
        Dictionary<string, (string Container, string Schema)> files = WritePool();
        _folder.WriteTargets("targets.jsonl", 5);
        int rows = RowsPerFile * files.Count;

        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool",
            _folder["my pool"],
            _folder["hub"],
            _folder["saved:test"],
            "--target",
            _folder["targets.jsonl"],
            "--budget",
            "100%",
            "--alpha",
            "0",
            "--copies",
            "keep",
            "--out",
            _folder["out"]
        );

        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        using JsonDocument manifest = JsonDocument.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        );
        Dictionary<string, (string, string)> found = [];
        foreach (JsonElement file in manifest.RootElement.GetProperty("inputs").GetProperty("pool").EnumerateArray())
        {
            Assert.Equal(RowsPerFile, file.GetProperty("rows").GetInt32());
            string name = Path.GetRelativePath(_folder.Root, file.GetProperty("path").GetString()!);
            found.Add(
                name,
                (
                    file.GetProperty("container").GetString()!,
                    file.GetProperty("schemas").EnumerateObject().Single().Name
                )
            );
        }

        Assert.Equal(files.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
        string[] selected = await File.ReadAllLinesAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        Assert.Equal(rows, selected.Length);
        Assert.Contains(Line("alpaca", 3), selected);
        Assert.All(selected, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task Select_TokenIds_NeedVectors()
    {
        StringBuilder pool = new();
        for (int i = 0; i < 40; i++)
        {
            pool.Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"input_ids":[{{i}},2],"attention_mask":[1,1],"labels":[-100,2]}"""
                )
                .Append('\n');
        }

        await File.WriteAllTextAsync(_folder["ids.jsonl"], pool.ToString(), TestContext.Current.CancellationToken);
        _folder.WriteTargets("targets.jsonl", 5);
        _folder.WriteVectors("pool.npy", 40);
        _folder.WriteVectors("targets.npy", 5);
        string[] select =
        [
            "select",
            "--pool",
            _folder["ids.jsonl"],
            "--target",
            _folder["targets.jsonl"],
            "--budget",
            "10",
            "--out",
            _folder["out"],
        ];

        CliResult refused = await CliProcess.RunAsync(_folder.Root, select);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            [.. select, "--pool-vectors", _folder["pool.npy"], "--target-vectors", _folder["targets.npy"]]
        );

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("there is no text to embed", refused.Error, StringComparison.Ordinal);
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Equal(
            10,
            (await File.ReadAllLinesAsync(_folder["out/selected.jsonl"], TestContext.Current.CancellationToken)).Length
        );
    }

    [Fact]
    public async Task Select_StandardInput_IsAFileNamedDash()
    {
        _folder.WriteTargets("targets.jsonl", 5);
        byte[] pool = Compressed.Gzip(
            Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 30).Select(i => Line("alpaca", i))))
        );

        CliResult result = await CliProcess.RunWithInputAsync(
            _folder.Root,
            pool,
            "select",
            "--pool",
            "-",
            "--target",
            _folder["targets.jsonl"],
            "--budget",
            "7",
            "--out",
            _folder["out"]
        );

        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Equal(
            7,
            (await File.ReadAllLinesAsync(_folder["out/selected.jsonl"], TestContext.Current.CancellationToken)).Length
        );
        Assert.Contains(
            "\"path\": \"-\"",
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private static string Line(string schema, int i)
    {
        string q = $"{Words[i % 10]} {Words[i * 7 % 10]} {schema} question {i}";
        string a = $"{Words[(i + 3) % 10]} {Words[i * 3 % 10]} answer {i}";
        return schema switch
        {
            "chatml" =>
                $$"""{"messages":[{"role":"user","content":[{"type":"text","text":"{{q}}"}]},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","content":"{{a}}"}]}""",
            "sharegpt" =>
                $$"""{"conversations":[{"from":"human","value":"{{q}}"},{"from":"gpt","value":"{{a}}"}],"system":"be brief"}""",
            "texts" =>
                $$"""{"n":{{i}},"texts":[{"role":"user","content":"{{q}}"},{"role":"assistant","content":"{{a}}"}]}""",
            "dialog" =>
                $$"""{"dialog":[{"from":"human","value":"{{q}}"},{"from":"gpt","value":"{{a}}"}],"tags":["x"]}""",
            "alpaca" => $$"""{"instruction":"{{q}}","input":"","output":"{{a}}"}""",
            "prompt-completion" => $$"""{"prompt":"{{q}}","completion":"{{a}}"}""",
            "query-response" => $$"""{"query":"{{q}}","response":"{{a}}","history":[["u","a"]],"system":"s"}""",
            "preference" => $$"""{"prompt":"{{q}}","chosen":"{{a}}","rejected":"no {{i}}"}""",
            _ => $$"""{"text":"{{q}} {{a}}"}""",
        };
    }

    private static RecordBatch Chats(string list, string role, string content)
    {
        StringArray.Builder roles = new();
        StringArray.Builder contents = new();
        ArrowBuffer.Builder<int> offsets = new();
        for (int i = 0; i < RowsPerFile; i++)
        {
            offsets.Append(2 * i);
            roles.Append(list == "messages" ? "user" : "human").Append(list == "messages" ? "assistant" : "gpt");
            contents.Append($"{Words[i % 10]} question {i} of {list}").Append($"{Words[i * 3 % 10]} answer {i}");
        }

        offsets.Append(2 * RowsPerFile);
        StructType message = new([
            new Field(role, StringType.Default, true),
            new Field(content, StringType.Default, true),
        ]);
        StructArray messages = new(message, 2 * RowsPerFile, [roles.Build(), contents.Build()], ArrowBuffer.Empty);
        ListType type = new(new Field("item", message, true));
        return new RecordBatch(
            new Schema([new Field(list, type, true)], null),
            [new ListArray(type, RowsPerFile, offsets.Build(), messages, ArrowBuffer.Empty)],
            RowsPerFile
        );
    }

    private static RecordBatch Texts(params string[] columns)
    {
        IEnumerable<IArrowArray> values = columns.Select(
            (column, at) =>
            {
                StringArray.Builder builder = new();
                for (int i = 0; i < RowsPerFile; i++)
                {
                    builder.Append($"{Words[(i + at) % 10]} {column} {i}");
                }

                return builder.Build();
            }
        );
        return new RecordBatch(
            new Schema(columns.Select(column => new Field(column, StringType.Default, true)), null),
            values,
            RowsPerFile
        );
    }

    private Dictionary<string, (string Container, string Schema)> WritePool()
    {
        Dictionary<string, (string, string)> files = [];
        foreach (string folder in new[] { "my pool", "hub/data", "saved/train", "saved/test" })
        {
            Directory.CreateDirectory(_folder[folder]);
        }

        foreach (
            (string schema, string name) in new[]
            {
                ("chatml", "chatml"),
                ("sharegpt", "sharegpt"),
                ("texts", "chatml"),
                ("dialog", "sharegpt"),
                ("alpaca", "alpaca"),
                ("prompt-completion", "prompt-completion"),
                ("query-response", "query-response"),
                ("preference", "preference"),
                ("text", "text"),
            }
        )
        {
            string[] lines = [.. Enumerable.Range(0, RowsPerFile).Select(i => Line(schema, i))];
            Write(schema + ".jsonl", Encoding.UTF8.GetBytes(string.Join('\n', lines)), "jsonl", name);
            Write(
                schema + ".2.jsonl.zst",
                Compressed.Zstandard(Encoding.UTF8.GetBytes(string.Join("\r\n", lines))),
                "jsonl.zst",
                name
            );
            Write(schema + ".json", Encoding.UTF8.GetBytes($"[\n{string.Join(",\n", lines)}\n]"), "json", name);
            Write(
                schema + ".3.json.gz",
                Compressed.Gzip(Encoding.UTF8.GetBytes(string.Concat(lines))),
                "json.gz",
                name
            );
        }

        foreach (
            (string schema, string[] columns) in new[]
            {
                ("alpaca", new[] { "instruction", "input", "output" }),
                ("prompt-completion", ["prompt", "completion"]),
                ("query-response", ["query", "response"]),
                ("preference", ["prompt", "chosen", "rejected"]),
                ("text", ["text"]),
            }
        )
        {
            string Cells(char separator) =>
                string.Join(
                    '\n',
                    Enumerable
                        .Range(-1, RowsPerFile + 1)
                        .Select(i =>
                            string.Join(
                                separator,
                                columns.Select(column => i < 0 ? column : $"{Words[i % 10]} {column} {i}")
                            )
                        )
                );
            Write(schema + ".csv", Encoding.UTF8.GetBytes(Cells(',')), "csv", schema);
            Write(schema + ".tsv.gz", Compressed.Gzip(Encoding.UTF8.GetBytes(Cells('\t'))), "tsv.gz", schema);
            WriteParquet($"my pool/{schema}.parquet", Texts(columns), schema);
            WriteArrow($"my pool/{schema}.arrow", Texts(columns), isStream: false, schema);
        }

        WriteParquet("my pool/chats.parquet", Chats("messages", "role", "content"), "chatml");
        WriteArrow("my pool/chats.arrow", Chats("conversations", "from", "value"), isStream: true, "sharegpt");
        WriteParquet("hub/data/train-00000-of-00001.parquet", Chats("messages", "role", "content"), "chatml");
        File.Copy(_folder["hub/data/train-00000-of-00001.parquet"], _folder["hub/data/test-00000-of-00001.parquet"]);
        File.WriteAllText(
            _folder["hub/README.md"],
            "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n"
        );
        WriteArrow("saved/test/data-00000-of-00001.arrow", Texts("instruction", "output"), isStream: true, "alpaca");
        File.WriteAllText(
            _folder["saved/test/state.json"],
            """{"_data_files":[{"filename":"data-00000-of-00001.arrow"}],"_split":"test"}"""
        );
        File.WriteAllText(_folder["saved/dataset_dict.json"], """{"splits":["train","test"]}""");
        return files;

        void Write(string name, byte[] bytes, string container, string schema)
        {
            File.WriteAllBytes(_folder["my pool/" + name], bytes);
            files.Add("my pool/" + name, (container, schema));
        }

        void WriteParquet(string name, RecordBatch batch, string schema)
        {
            using FileWriter writer = new(_folder[name], batch.Schema);
            writer.WriteRecordBatch(batch, chunkSize: 5);
            writer.Close();
            files.Add(name, ("parquet", schema));
        }

        void WriteArrow(string name, RecordBatch batch, bool isStream, string schema)
        {
            using FileStream file = File.Create(_folder[name]);
            IpcOptions options = new()
            {
                CompressionCodec = CompressionCodecType.Zstd,
                CompressionCodecFactory = new CompressionCodecFactory(),
            };
            using ArrowStreamWriter writer = isStream
                ? new ArrowStreamWriter(file, batch.Schema, leaveOpen: true, options)
                : new ArrowFileWriter(file, batch.Schema, leaveOpen: true, options);
            writer.WriteStart();
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
            files.Add(name, (isStream ? "arrow-stream" : "arrow-file", schema));
        }
    }
}
