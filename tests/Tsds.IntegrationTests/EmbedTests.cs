namespace Tsds.IntegrationTests;

/// <summary>A vector store, as a user has it.</summary>
public sealed class EmbedTests : IDisposable
{
    private static readonly string[] Embed = ["embed", "--pool", "pool.jsonl", "--out", "store"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Embed_ThenSelect_IsTheSelectionFromTheRows()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
        CliResult embedded = await SucceedAsync([.. Embed, "--store", "float16"]);
        Assert.Contains("300 vectors of dimension 512", embedded.Out, StringComparison.Ordinal);
        CliResult selected = await SucceedAsync(SelectCommand.Rows("out", "--pool-vectors", "store", "--budget", "15"));
        Assert.Contains("Selected 15 rows of 300 for 6 targets.", selected.Out, StringComparison.Ordinal);
        Assert.Contains("0 rows embedded, 300 known already", selected.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_ByConfiguration_IsWhatTheFlagsGive()
    {
        _folder.WritePool("pool.jsonl", 120);
        File.WriteAllText(_folder["embed.yaml"], "pool: pool.jsonl\nstore: float16\nout: from-file\njson: true\n");
        CliResult configured = await CliProcess.RunAsync(_folder.Root, "embed", "--config", "embed.yaml");
        CliResult flagged = await CliProcess.RunAsync(
            _folder.Root,
            "embed",
            "--config",
            "embed.yaml",
            "--out",
            "from-flags"
        );

        Assert.True(configured.ExitCode == 0 && flagged.ExitCode == 0, configured.Error + flagged.Error);
        Assert.StartsWith("{", configured.Out, StringComparison.Ordinal);
        string[] files =
        [
            .. Directory
                .EnumerateFiles(_folder["from-file"])
                .Select(file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            files,
            Directory
                .EnumerateFiles(_folder["from-flags"])
                .Select(file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            files,
            file =>
                Assert.Equal(
                    File.ReadAllBytes(_folder["from-file/" + file]),
                    File.ReadAllBytes(_folder["from-flags/" + file])
                )
        );
    }

    [Fact]
    public async Task Embed_KilledAtTenMoments_GoesOnToTheBytesOfAnUndisturbedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signal.");
        KilledRuns.WritePool(_folder["pool.jsonl"]);
        await new KilledRuns(_folder, "store").CheckAsync(Embed, Embed);
    }

    [Fact]
    public async Task Embed_Cancelled_SaysThatItGoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        _folder.WritePool("pool.jsonl", 60_000);
        using CliProcess process = CliProcess.Start(_folder.Root, Embed);
        await process.WaitForErrorLineAsync("started");
        process.Signal("INT");
        CliResult result = await process.FinishAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.EndsWith(
            "tsds: cancelled; the finished vectors stay, and the same command resumes after them.\n",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("embed --out store", "--pool is needed")]
    [InlineData("embed --pool pool.jsonl", "--out is needed")]
    [InlineData(
        "embed --pool pool.jsonl --out store --embedder word2vec",
        "--embedder: Expected auto, lexical, static, minilm, arctic-xs, onnx:DIR, int8- before one of these models, or"
    )]
    [InlineData("embed --pool pool.jsonl --out store --embedder-prefix a|b", "the lexical+static embedder does not")]
    [InlineData("embed --pool pool.jsonl --out store --embedder-prefix abc", "with one '|' between")]
    [InlineData("embed --pool pool.jsonl --out store --store int8", "--store: expected float32 or float16")]
    [InlineData("embed --pool nothing.jsonl --out store", "nothing.jsonl")]
    [InlineData("embed --config pool.jsonl", "pool.jsonl, line 2")]
    [InlineData("cache list", "list")]
    public async Task WrongUse_IsOneSentenceAndExitCode1(string line, string sentence)
    {
        _folder.WritePool("pool.jsonl", 3);
        CliResult result = await CliProcess.RunAsync(_folder.Root, line.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected System.", result.Error, StringComparison.Ordinal);
    }

    private Task<CliResult> SucceedAsync(params string[] arguments) => CliProcess.SucceedAsync(_folder.Root, arguments);
}
