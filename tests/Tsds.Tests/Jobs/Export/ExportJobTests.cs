using System.Text.Json.Nodes;
using ParquetSharp.Arrow;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;

namespace Tsds.Tests.Jobs.Export;

public sealed class ExportJobTests : IDisposable
{
    private const string Chat =
        """{"id":"a","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi 🎉"},{"role":"assistant","content":"שלום"}]}""";
    private const string ShareGpt =
        """{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"},{"from":"observation","value":"{}"},{"from":"gpt","value":"Done"}]}""";
    private const string ShareGptPlain =
        """{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"}]}""";
    private const string Alpaca = """{"instruction":"Add","input":"","output":"3"}""";
    private const string AlpacaInput = """{"instruction":"Add","input":"1 2","output":"3","source":"x"}""";
    private const string AlpacaHistory =
        """{"instruction":"Add","input":"1 2","output":"3","system":"S","history":[["q","a"]]}""";
    private const string Pair = """{"prompt":"P","completion":"C"}""";
    private const string PairOfLists =
        """{"prompt":[{"role":"user","content":"P"}],"completion":[{"role":"assistant","content":"C"}]}""";
    private const string Query = """{"query":"Q","response":"R"}""";
    private const string Text = """{"text":"plain"}""";
    private const string Preference = """{"prompt":"P","chosen":"good","rejected":"bad"}""";
    private const string Tokens = """{"input_ids":[1,2,3],"source":"x"}""";

    private readonly TempFolder _folder = new();

    private string Out => _folder["export"];

    public void Dispose() => _folder.Dispose();

    /// <summary>Rows that a trainer reads as they are stay as they are, byte for byte.</summary>
    [Theory]
    [InlineData(nameof(Trainer.Axolotl), Chat, "chatml")]
    [InlineData(nameof(Trainer.Axolotl), ShareGpt, "sharegpt")]
    [InlineData(nameof(Trainer.Axolotl), AlpacaInput, "alpaca")]
    [InlineData(nameof(Trainer.Axolotl), Text, "text")]
    [InlineData(nameof(Trainer.Trl), Chat, "chatml")]
    [InlineData(nameof(Trainer.Trl), Pair, "prompt-completion")]
    [InlineData(nameof(Trainer.Trl), PairOfLists, "prompt-completion")]
    [InlineData(nameof(Trainer.Trl), Text, "text")]
    [InlineData(nameof(Trainer.Trl), Preference, "preference")]
    [InlineData(nameof(Trainer.LlamaFactory), Chat, "chatml")]
    [InlineData(nameof(Trainer.LlamaFactory), ShareGpt, "sharegpt")]
    [InlineData(nameof(Trainer.LlamaFactory), AlpacaHistory, "alpaca")]
    [InlineData(nameof(Trainer.LlamaFactory), Pair, "prompt-completion")]
    [InlineData(nameof(Trainer.LlamaFactory), Query, "query-response")]
    [InlineData(nameof(Trainer.LlamaFactory), Text, "text")]
    [InlineData(nameof(Trainer.LlamaFactory), Preference, "preference")]
    [InlineData(nameof(Trainer.Torchtune), Chat, "chatml")]
    [InlineData(nameof(Trainer.Torchtune), ShareGptPlain, "sharegpt")]
    [InlineData(nameof(Trainer.Torchtune), Alpaca, "alpaca")]
    [InlineData(nameof(Trainer.Torchtune), Pair, "prompt-completion")]
    [InlineData(nameof(Trainer.Torchtune), Query, "query-response")]
    [InlineData(nameof(Trainer.Torchtune), Text, "text")]
    [InlineData(nameof(Trainer.Unsloth), Chat, "chatml")]
    [InlineData(nameof(Trainer.Unsloth), Pair, "prompt-completion")]
    [InlineData(nameof(Trainer.Unsloth), Text, "text")]
    public void Run_RowsThatTheTrainerReads_StayVerbatim(string trainer, string row, string schema)
    {
        ExportSummary summary = Run(Enum.Parse<Trainer>(trainer), [row, row]);
        Assert.Equal(schema, summary.Schema);
        Assert.True(summary.IsVerbatim);
        Assert.Equal($"{row}\n{row}\n", File.ReadAllText(Path.Combine(Out, "selected.jsonl")));
    }

    [Theory]
    [InlineData(
        nameof(Trainer.Axolotl),
        Pair,
        """{"messages":[{"role":"user","content":"P"},{"role":"assistant","content":"C"}]}"""
    )]
    [InlineData(
        nameof(Trainer.Axolotl),
        Query,
        """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"R"}]}"""
    )]
    [InlineData(
        nameof(Trainer.Axolotl),
        AlpacaHistory,
        """{"messages":[{"role":"system","content":"S"},{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":"Add\n1 2"},{"role":"assistant","content":"3"}]}"""
    )]
    [InlineData(nameof(Trainer.Axolotl), Tokens, """{"input_ids":[1,2,3],"attention_mask":[1,1,1],"labels":[1,2,3]}""")]
    [InlineData(
        nameof(Trainer.Trl),
        ShareGpt,
        """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"tool","content":"{}"},{"role":"assistant","content":"Done"}]}"""
    )]
    [InlineData(
        nameof(Trainer.Trl),
        AlpacaInput,
        """{"messages":[{"role":"user","content":"Add\n1 2"},{"role":"assistant","content":"3"}]}"""
    )]
    [InlineData(
        nameof(Trainer.LlamaFactory),
        PairOfLists,
        """{"messages":[{"role":"user","content":"P"},{"role":"assistant","content":"C"}]}"""
    )]
    [InlineData(
        nameof(Trainer.Torchtune),
        AlpacaInput,
        """{"messages":[{"role":"user","content":"Add\n1 2"},{"role":"assistant","content":"3"}]}"""
    )]
    [InlineData(
        nameof(Trainer.Unsloth),
        Query,
        """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"R"}]}"""
    )]
    public void Run_RowsThatItDoesNotRead_AreConverted(string trainer, string row, string expected)
    {
        ExportSummary summary = Run(Enum.Parse<Trainer>(trainer), [row]);
        Assert.False(summary.IsVerbatim);
        Assert.Equal(expected + "\n", File.ReadAllText(Path.Combine(Out, "selected.jsonl")));
    }

    [Theory]
    [InlineData(nameof(Trainer.NeMo), Preference)]
    [InlineData(nameof(Trainer.LlamaFactory), Tokens)]
    [InlineData(nameof(Trainer.Torchtune), Tokens)]
    [InlineData(nameof(Trainer.OpenAI), Text)]
    public void Run_RowsThatItCannotUse_SaysWhoCan(string trainer, string row)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            Run(Enum.Parse<Trainer>(trainer), [row])
        );
        Assert.Contains("go to", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Run_MixedSchemas_BecomeMessages()
    {
        Assert.Equal("chatml", Run(Trainer.Axolotl, [Chat, ShareGpt, Alpaca]).Schema);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Run(Trainer.Trl, [Chat, Text]));
        Assert.Contains("1 chatml, 1 text", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A column that only some rows have breaks readers that infer the schema from the first rows: then the trainer's
    /// columns alone are written.
    /// </summary>
    [Fact]
    public void Run_ColumnsThatDiffer_AreReducedToTheTrainers()
    {
        ExportSummary summary = Run(Trainer.Trl, [Text, """{"text":"more","meta":{"a":1}}"""]);
        Assert.False(summary.IsVerbatim);
        Assert.Equal(
            "{\"text\":\"plain\"}\n{\"text\":\"more\"}\n",
            File.ReadAllText(Path.Combine(Out, "selected.jsonl"))
        );
    }

    [Theory]
    [InlineData(
        nameof(Trainer.LlamaFactory),
        """{"messages":[{"role":"assistant","content":"A"},{"role":"user","content":"B"}]}""",
        "in turn"
    )]
    [InlineData(
        nameof(Trainer.LlamaFactory),
        """{"messages":[{"role":"user","content":"A"}]}""",
        "end with the assistant"
    )]
    [InlineData(
        nameof(Trainer.LlamaFactory),
        """{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":null,"tool_calls":[]}]}""",
        "tool_calls"
    )]
    [InlineData(
        nameof(Trainer.Axolotl),
        """{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":null}]}""",
        "found null"
    )]
    [InlineData(
        nameof(Trainer.Trl),
        """{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":""}]}""",
        "expected an answer in messages[1], found an empty one"
    )]
    [InlineData(
        nameof(Trainer.Unsloth),
        """{"id":7,"messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B"}]}""",
        "expected id to be a string as in line 1, found a number"
    )]
    public void Run_RowsThatItWouldChokeOn_AreListedOrLeftOut(string trainer, string row, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            Run(Enum.Parse<Trainer>(trainer), [Chat, row])
        );
        Assert.Contains("line 2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("--on-bad-row skip", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));

        ExportSummary summary = Run(
            Enum.Parse<Trainer>(trainer),
            [Chat, row],
            options => options with { OnBadRow = BadRowPolicy.Skip }
        );
        Assert.Equal((1, 1), (summary.Rows, summary.SkippedCount));
        Assert.Single(File.ReadAllLines(Path.Combine(Out, "selected.jsonl")));
    }

    [Fact]
    public void Run_LlamaFactory_AddsToTheListOfDatasets()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(
            Path.Combine(Out, "dataset_info.json"),
            """{"theirs":{"file_name":"x.json","custom":[1,2]}}"""
        );
        Run(Trainer.LlamaFactory, [Chat], options => options with { Name = "ours" });
        JsonNode info = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "dataset_info.json")))!;
        Assert.Equal("""{"file_name":"x.json","custom":[1,2]}""", info["theirs"]!.ToJsonString());
        Assert.Equal("ours.jsonl", (string?)info["ours"]!["file_name"]);
        Assert.Equal("sharegpt", (string?)info["ours"]!["formatting"]);
        Assert.Equal("assistant", (string?)info["ours"]!["tags"]!["assistant_tag"]);
        Assert.True(File.Exists(Path.Combine(Out, "ours.jsonl")));

        Assert.Throws<IOException>(() => Run(Trainer.LlamaFactory, [Chat], options => options with { Name = "ours" }));
        Run(Trainer.LlamaFactory, [Text], options => options with { Name = "ours", Force = true });
        info = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "dataset_info.json")))!;
        Assert.Equal("""{"prompt":"text"}""", info["ours"]!["columns"]!.ToJsonString());
        Assert.Equal(2, info.AsObject().Count);
    }

    [Fact]
    public void Run_DamagedListOfDatasets_IsLeftAlone()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "dataset_info.json"), "[1");
        Assert.Throws<InvalidDataException>(() => Run(Trainer.LlamaFactory, [Chat]));
        Assert.Equal(["dataset_info.json"], Directory.GetFiles(Out).Select(Path.GetFileName));
    }

    [Fact]
    public void Run_FileThere_IsNotReplacedUnlessForced()
    {
        Run(Trainer.Trl, [Text]);
        Assert.Throws<IOException>(() => Run(Trainer.Trl, [Chat]));
        Assert.Equal(Text + "\n", File.ReadAllText(Path.Combine(Out, "selected.jsonl")));
        Run(Trainer.Trl, [Chat], options => options with { Force = true });
        Assert.Equal(Chat + "\n", File.ReadAllText(Path.Combine(Out, "selected.jsonl")));
        Assert.Empty(Directory.GetDirectories(_folder.Root, ".*"));
    }

    [Fact]
    public async Task Run_Hub_WritesShardsAndTheReadmeThatNamesThem()
    {
        string[] rows =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(i =>
                    $$"""{"id":{{i}},"score":{{(i % 2 == 0 ? "1" : "0.5")}},"ok":true,"nothing":null,"messages":[{"role":"user","content":"Q{{i}}"},{"role":"assistant","content":"A"{{(i % 3 == 0 ? ",\"name\":\"n\"" : "")}}}]}"""
                ),
        ];
        ExportSummary summary = Run(Trainer.HuggingFace, rows, options => options with { MaxShardBytes = 1_500 });
        string[] shards =
        [
            .. Directory
                .GetFiles(Path.Combine(Out, "data"))
                .Select(file => Path.GetFileName(file)!)
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(shards.Length > 1);
        Assert.Equal($"train-00000-of-{shards.Length:D5}.parquet", shards[0]);
        Assert.Contains(
            "path: data/train-*",
            File.ReadAllText(Path.Combine(Out, "README.md")),
            StringComparison.Ordinal
        );
        Assert.Equal(40, summary.Rows);

        int read = 0;
        foreach (string shard in shards)
        {
            using FileReader reader = new(Path.Combine(Out, "data", shard));
            Assert.Equal(
                ["id", "score", "ok", "nothing", "messages"],
                reader.Schema.FieldsList.Select(field => field.Name)
            );
            using Apache.Arrow.Ipc.IArrowArrayStream batches = reader.GetRecordBatchReader();
            while (await batches.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken) is { } batch)
            {
                Apache.Arrow.Int64Array ids = (Apache.Arrow.Int64Array)batch.Column("id");
                Apache.Arrow.DoubleArray scores = (Apache.Arrow.DoubleArray)batch.Column("score");
                Apache.Arrow.ListArray messages = (Apache.Arrow.ListArray)batch.Column("messages");
                for (int i = 0; i < batch.Length; i++, read++)
                {
                    Assert.Equal(read, ids.GetValue(i));
                    Assert.Equal(read % 2 == 0 ? 1 : 0.5, scores.GetValue(i));
                    Apache.Arrow.StructArray turns = (Apache.Arrow.StructArray)messages.GetSlicedValues(i);
                    Assert.Equal(2, turns.Length);
                }

                batch.Dispose();
            }
        }

        Assert.Equal(40, read);
    }

    [Fact]
    public void Run_NoSelection_SaysWhatIsMissing() =>
        Assert.Throws<FileNotFoundException>(() =>
            ExportJob.Run(
                new ExportJobOptions
                {
                    Selection = _folder.Root,
                    Trainer = Trainer.Trl,
                    Output = Out,
                },
                TestContext.Current.CancellationToken
            )
        );

    private ExportSummary Run(Trainer trainer, string[] rows, Func<ExportJobOptions, ExportJobOptions>? change = null)
    {
        string selection = _folder["out"];
        Directory.CreateDirectory(selection);
        File.WriteAllText(Path.Combine(selection, "selected.jsonl"), string.Concat(rows.Select(row => row + "\n")));
        ExportJobOptions options = new()
        {
            Selection = selection,
            Trainer = trainer,
            Output = Out,
        };
        return ExportJob.Run(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
    }
}
