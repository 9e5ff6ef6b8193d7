using System.Text.Json;

namespace Tsds.IntegrationTests;

/// <summary>Selections that keep their vectors, and what becomes of these.</summary>
public sealed class CacheTests : IDisposable
{
    private static readonly string[] Select =
    [
        "select",
        "--pool",
        "pool.jsonl",
        "--target",
        "targets.jsonl",
        "--budget",
        "50",
        "--cache",
        "cache",
    ];

    private readonly TestFolder _folder = new();

    public CacheTests()
    {
        _folder.WriteTargets("targets.jsonl", 6);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_Twice_EmbedsOnceAndTheCacheSaysSo()
    {
        _folder.WritePool("pool.jsonl", 300);
        CliResult first = await SucceedAsync([.. Select, "--out", "out"]);
        CliResult second = await SucceedAsync([.. Select, "--out", "again"]);
        Assert.Contains("300 rows embedded", first.Out, StringComparison.Ordinal);
        Assert.Contains("0 rows embedded, 300 known already", second.Out, StringComparison.Ordinal);
        KilledRuns.AssertSameFiles(_folder["out"], _folder["again"]);

        CliResult list = await SucceedAsync("cache", "--cache", "cache", "--json");
        JsonElement entry = Assert.Single(
            JsonDocument.Parse(list.Out).RootElement.GetProperty("entries").EnumerateArray()
        );
        Assert.Equal(306, entry.GetProperty("rows").GetInt64());
        Assert.StartsWith("0.5 lexical-1/", entry.GetProperty("embedder").GetString(), StringComparison.Ordinal);
        Assert.Contains("306 vectors", (await SucceedAsync("cache", "--cache", "cache")).Out, StringComparison.Ordinal);
        Assert.Contains(
            "freed",
            (await SucceedAsync("cache", "clear", "--cache", "cache")).Out,
            StringComparison.Ordinal
        );
        Assert.Contains("0 vectors", (await SucceedAsync("cache", "--cache", "cache")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_WithoutAFolderNamed_KeepsVectorsInTheUsersCache()
    {
        _folder.WritePool("pool.jsonl", 300);
        await SucceedAsync([.. Select[..^2], "--out", "one", "--no-cache"]);
        Assert.Contains("0 vectors", (await SucceedAsync("cache")).Out, StringComparison.Ordinal);
        await SucceedAsync([.. Select[..^2], "--out", "two", "--cache-size", "0.001KB"]);
        Assert.Contains("0 vectors", (await SucceedAsync("cache")).Out, StringComparison.Ordinal);
        await SucceedAsync([.. Select[..^2], "--out", "three"]);
        Assert.Contains("306 vectors", (await SucceedAsync("cache")).Out, StringComparison.Ordinal);
        KilledRuns.AssertSameFiles(_folder["one"], _folder["two"]);
        KilledRuns.AssertSameFiles(_folder["one"], _folder["three"]);
    }

    [Fact]
    public async Task Select_TwoAtOnce_BothSelectTheSame()
    {
        KilledRuns.WritePool(_folder["pool.jsonl"]);
        string[] outputs = ["one", "two"];
        CliResult[] results = await Task.WhenAll(
            outputs.Select(output => CliProcess.RunAsync(_folder.Root, [.. Select, "--out", output]))
        );
        Assert.All(results, result => Assert.Equal("", result.ExitCode == 0 ? "" : result.Error));
        KilledRuns.AssertSameFiles(_folder["one"], _folder["two"]);
    }

    [Fact]
    public async Task Select_KilledAtTenMoments_GoesOnToTheBytesOfAnUndisturbedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signal.");
        KilledRuns.WritePool(_folder["pool.jsonl"]);
        string[] select = [.. Select, "--embedder", "lexical", "--out", "out"];
        await new KilledRuns(_folder, "out").CheckAsync(select, [.. select, "--force"], "cache");
    }

    private Task<CliResult> SucceedAsync(params string[] arguments) => CliProcess.SucceedAsync(_folder.Root, arguments);
}
