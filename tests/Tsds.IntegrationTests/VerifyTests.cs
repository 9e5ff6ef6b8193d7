using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The command <c>tsds verify</c>.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly PreparedSelection _prepared;

    public VerifyTests(PreparedSelection prepared)
    {
        _prepared = prepared;
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_Untouched_Agrees()
    {
        await SelectAsync("--seed", "3", "--template", "{user}", "--sampling", "systematic");
        string[] before = Directory.GetFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories);

        CliResult result = await VerifyAsync(0, "out");

        Assert.StartsWith("Agrees: out is what its manifest says.\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("2 of 2 files have the recorded hash", result.Out, StringComparison.Ordinal);
        Assert.Contains("6 of 6 files have the recorded hash", result.Out, StringComparison.Ordinal);
        Assert.Contains("proven optimal", result.Out, StringComparison.Ordinal);
        Assert.Contains(
            "selected.jsonl, lineage.jsonl, targets.jsonl, clusters.jsonl, path.csv, report.html are the same bytes",
            result.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(
            before.Order(),
            Directory.GetFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories).Order()
        );
    }

    [Fact]
    public async Task Verify_VectorsAndRootAndThreads_Agrees()
    {
        _folder.WriteVectors("pool.npy", 200);
        _folder.WriteVectors("targets.npy", 5);
        await SucceedAsync(_folder.Root, SelectCommand.Vectors("out", "--budget", "9"));

        CliResult lost = await CliProcess.RunAsync(Path.GetTempPath(), "verify", _folder["out"]);
        CliResult found = await SucceedAsync(
            Path.GetTempPath(),
            "verify",
            _folder["out/manifest.json"],
            "--root",
            _folder.Root,
            "--threads",
            "1",
            "--json"
        );

        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("--root", lost.Error, StringComparison.Ordinal);
        JsonNode last = JsonNode.Parse(found.Out.TrimEnd('\n').Split('\n')[^1])!;
        Assert.Equal("result", last["event"]!.GetValue<string>());
        Assert.True(last["agrees"]!.GetValue<bool>());
        Assert.Contains(last["checks"]!.AsArray(), check => check!["name"]!.GetValue<string>() == "certificate");
    }

    [Fact]
    public async Task Verify_ChangedInput_IsNamedAndNotSelectedFrom()
    {
        await _prepared.CopyToAsync(_folder);
        await File.AppendAllTextAsync(
            _folder["targets.jsonl"],
            "{\"instruction\":\"more\",\"output\":\"salt\"}\n",
            TestContext.Current.CancellationToken
        );

        CliResult result = await VerifyAsync(1, "out");

        Assert.StartsWith("Differs: out is not what its manifest says.\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("inputs differ         targets.jsonl: expected SHA-256", result.Out, StringComparison.Ordinal);
        Assert.Contains("not made again", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ChangedOutputRow_IsNamed()
    {
        await _prepared.CopyToAsync(_folder);
        string selected = await File.ReadAllTextAsync(
            _folder["out/selected.jsonl"],
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            _folder["out/selected.jsonl"],
            selected.Replace("onion", "garlic", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        CliResult result = await VerifyAsync(1, "out");

        Assert.Contains("outputs differ        selected.jsonl: expected SHA-256", result.Out, StringComparison.Ordinal);
        Assert.Contains("are the same bytes", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spec.seed", "7", "options.seed: recorded 0, found 7")]
    [InlineData("spec.budget", "14", "rows are not chosen any more")]
    [InlineData("options.alpha", 0.25, "options.alpha: recorded 0.25, found 0.5")]
    [InlineData("solution.primal", 1.5, "solution.primal: recorded 1.5")]
    public async Task Verify_ChangedManifest_SaysWhatDiffers(string path, object value, string expected)
    {
        await _prepared.CopyToAsync(_folder);
        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        string[] steps = path.Split('.');
        JsonNode parent = steps[..^1].Aggregate(manifest, (node, step) => node[step]!);
        parent[steps[^1]] = value is string text ? JsonValue.Create(text) : JsonValue.Create((double)value);
        await File.WriteAllTextAsync(
            _folder["out/manifest.json"],
            manifest.ToJsonString(),
            TestContext.Current.CancellationToken
        );

        CliResult result = await VerifyAsync(1, "out");

        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "found none")]
    [InlineData("pool.jsonl", "Expected a manifest of tsds")]
    public async Task Verify_NoManifest_IsOneSentence(string path, string expected)
    {
        CliResult result = await VerifyAsync(1, path);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Out);
    }

    private Task<CliResult> SelectAsync(params string[] more) =>
        SucceedAsync(_folder.Root, SelectCommand.Rows("out", ["--budget", "15", .. more]));

    private async Task<CliResult> VerifyAsync(int exitCode, string path)
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, "verify", path);
        Assert.True(exitCode == result.ExitCode, result.Out + result.Error);
        return result;
    }

    private static async Task<CliResult> SucceedAsync(string folder, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(folder, arguments);
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Out + result.Error);
        return result;
    }
}
