using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>From a pool to a trainer, through the command line.</summary>
public sealed class ExportTests : IDisposable
{
    /// <summary>
    /// The list of datasets is a pipe: whoever opens it for writing learns that the export has opened it for reading,
    /// which it does between its second and its third file.
    /// </summary>
    [Fact]
    public async Task Export_KilledBetweenTwoFiles_LeavesTheFolderAsItWas()
    {
        Directory.CreateDirectory(_folder["selection"]);
        await File.WriteAllTextAsync(
            _folder["selection/selected.jsonl"],
            """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}""" + "\n",
            TestContext.Current.CancellationToken
        );
        Directory.CreateDirectory(_folder["datasets"]);
        await File.WriteAllTextAsync(_folder["datasets/other.jsonl"], "mine", TestContext.Current.CancellationToken);
        string[] export = ["export", "selection", "--to", "llama-factory", "--out", "datasets"];
        string list = _folder["datasets/dataset_info.json"];
        using (Process pipe = Process.Start("mkfifo", [list]))
        {
            await pipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string[] before = Directory.GetFileSystemEntries(_folder["datasets"]);
        using (CliProcess process = CliProcess.Start(_folder.Root, export))
        {
            Task<FileStream> opened = Task.Run(
                () => new FileStream(list, FileMode.Open, FileAccess.Write),
                TestContext.Current.CancellationToken
            );
            Task<CliResult> ended = process.FinishAsync();
            Assert.Same(opened, await Task.WhenAny(opened, ended));
            process.Kill();
            await ended;
            await (await opened).DisposeAsync();
        }

        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(_folder["datasets"]).Order());
        File.Delete(list);
        await SucceedAsync(export);
        Assert.Equal(
            ["dataset_info.json", "llama-factory.yaml", "other.jsonl", "selected.jsonl"],
            Directory.GetFiles(_folder["datasets"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["datasets", "selection"],
            Directory.GetDirectories(_folder.Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
    }

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_ASelectionOfChats_ToEveryTrainer()
    {
        StringBuilder pool = new();
        _folder.WritePool("alpaca.jsonl", 120);
        foreach (
            string line in await File.ReadAllLinesAsync(_folder["alpaca.jsonl"], TestContext.Current.CancellationToken)
        )
        {
            JsonNode row = JsonNode.Parse(line)!;
            pool.Append(
                    $$"""{"messages": [{"role": "user", "content": "{{row["instruction"]}}"}, {"role": "assistant", "content": "{{row["output"]}}"}]}"""
                )
                .Append('\n');
        }

        await File.WriteAllTextAsync(_folder["pool.jsonl"], pool.ToString(), TestContext.Current.CancellationToken);
        _folder.WriteTargets("targets.jsonl", 5);
        await SucceedAsync(SelectCommand.Rows("out", "--budget", "12"));
        byte[] selected = await File.ReadAllBytesAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        foreach (
            (string trainer, string snippet, string key) in new[]
            {
                ("axolotl", "axolotl.yaml", "type: chat_template"),
                ("trl", "trl_dataset.py", "load_dataset(\"json\""),
                ("llama-factory", "llama-factory.yaml", "dataset: selected"),
                ("torchtune", "torchtune.yaml", "torchtune.datasets.chat_dataset"),
                ("unsloth", "unsloth_dataset.py", "tokenizer.apply_chat_template(row[\"messages\"]"),
                ("ms-swift", "ms-swift.sh", "swift sft --dataset"),
                ("nemo", "nemo_dataset.py", "llm.ChatDataModule(dataset_root="),
                ("openai", "openai_fine_tuning.py", "purpose=\"fine-tune\""),
            }
        )
        {
            CliResult result = await SucceedAsync("export", "out", "--to", trainer);
            Assert.Contains("Exported 12 rows byte for byte.", result.Out, StringComparison.Ordinal);
            Assert.Equal(
                selected,
                await File.ReadAllBytesAsync(
                    _folder[$"out/export-{trainer}/{(trainer == "nemo" ? "training" : "selected")}.jsonl"],
                    TestContext.Current.CancellationToken
                )
            );
            string text = await File.ReadAllTextAsync(
                _folder[$"out/export-{trainer}/{snippet}"],
                TestContext.Current.CancellationToken
            );
            Assert.Contains(key, text, StringComparison.Ordinal);
        }

        // What is written for the hub can be selected from again.
        await SucceedAsync("export", "out", "--to", "hf", "--out", "dataset");
        await SucceedAsync(
            "select",
            "--pool",
            "dataset",
            "--target",
            "targets.jsonl",
            "--budget",
            "12",
            "--out",
            "again"
        );
        string[] again = await File.ReadAllLinesAsync(
            _folder["again/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            Encoding.UTF8.GetString(selected).Trim().Split('\n').Select(line => JsonNode.Parse(line)!.ToJsonString()),
            again.Select(line => JsonNode.Parse(line)!.ToJsonString())
        );
    }

    [Theory]
    [InlineData(
        "expected axolotl, trl, llama-factory, torchtune, unsloth, hf, ms-swift, nemo or openai, found 'keras'",
        "export",
        "out",
        "--to",
        "keras"
    )]
    [InlineData("NeMo reads no other, found parquet", "export", "out", "--to", "nemo", "--format", "parquet")]
    [InlineData("OUT is needed", "export", "--to", "trl")]
    [InlineData("--to is needed", "export", "out")]
    [InlineData("expected the selected rows, found no such file", "export", "nowhere", "--to", "trl")]
    public async Task Export_WrongUse_SaysWhatIsNeeded(string message, params string[] args)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, args);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<CliResult> SucceedAsync(params string[] args) => CliProcess.SucceedAsync(_folder.Root, args);
}
