using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The built-in embedders, and those that are joined or chosen.</summary>
public sealed class EmbedderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("static", 256)]
    [InlineData("30%lexical+70%static", 512)]
    public async Task Embed_ThenAppendAndSelect_KeepsTheFitOfTheFirstRun(string embedder, int dimension)
    {
        _folder.WritePool("pool.jsonl", 120);
        _folder.WriteTargets("targets.jsonl", 6);
        CliResult embedded = await SucceedAsync(
            "embed",
            "--pool",
            "pool.jsonl",
            "--out",
            "store",
            "--embedder",
            embedder
        );
        Assert.Contains($"120 vectors of dimension {dimension}", embedded.Out, StringComparison.Ordinal);
        Assert.Equal(embedder.Contains("lexical", StringComparison.Ordinal), File.Exists(_folder["store/lexical.fit"]));
        string fit = _folder.Hash("store/static.fit");

        CliResult direct = await SucceedAsync([.. Select("direct"), "--embedder", embedder]);
        CliResult stored = await SucceedAsync([.. Select("stored"), "--pool-vectors", "store"]);
        Assert.Contains("0 rows embedded, 120 known already", stored.Out, StringComparison.Ordinal);
        Assert.Equal(_folder.Hash("direct/selected.jsonl"), _folder.Hash("stored/selected.jsonl"));
        Assert.Contains("120 rows embedded", direct.Out, StringComparison.Ordinal);

        File.AppendAllText(_folder["pool.jsonl"], File.ReadAllLines(_folder["targets.jsonl"])[0] + "\n");
        CliResult appended = await SucceedAsync(
            "embed",
            "--pool",
            "pool.jsonl",
            "--out",
            "store",
            "--embedder",
            embedder
        );
        Assert.Contains("121 vectors", appended.Out, StringComparison.Ordinal);
        Assert.Equal(fit, _folder.Hash("store/static.fit"));
    }

    [Fact]
    public async Task Select_Auto_IsTheSelectionByTheEmbedderThatItNames()
    {
        _folder.WritePool("pool.jsonl", 200);
        _folder.WriteTargets("targets.jsonl", 8);
        CliResult chosen = await SucceedAsync([.. Select("chosen"), "--embedder", "auto"]);
        JsonNode embedding = JsonNode.Parse(File.ReadAllText(_folder["chosen/manifest.json"]))!["embedding"]!;
        string name = embedding["embedder"]!.GetValue<string>();
        string[] among = [.. embedding["chosenAmong"]!.AsArray().Select(one => one!["embedder"]!.GetValue<string>())];
        Assert.Equal(["lexical+static", "lexical", "static"], among);
        Assert.Contains(name, among);
        Assert.Contains($"{name}, where a held-out target comes before", chosen.Out, StringComparison.Ordinal);

        await SucceedAsync([.. Select("named"), "--embedder", name]);
        Assert.Equal(_folder.Hash("named/selected.jsonl"), _folder.Hash("chosen/selected.jsonl"));
        CliResult verified = await CliProcess.RunAsync(_folder.Root, "verify", "chosen");
        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
    }

    [Fact]
    public async Task Embed_Auto_IsRefused()
    {
        _folder.WritePool("pool.jsonl", 20);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "embed",
            "--pool",
            "pool.jsonl",
            "--out",
            "store",
            "--embedder",
            "auto"
        );
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--embedder auto looks at targets", result.Error, StringComparison.Ordinal);
    }

    private static string[] Select(string output) => SelectCommand.Rows(output, "--budget", "15", "--no-cache");

    private async Task<CliResult> SucceedAsync(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }
}
