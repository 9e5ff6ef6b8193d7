using System.Text.RegularExpressions;

namespace Tsds.Tests.Cli;

/// <summary>
/// The text that finished commands print, from rows to the last line. Times, memory and the place of the files stand
/// for themselves; everything else is the same in every run. That of <c>compare</c> is in
/// <see cref="OutputTextTests"/>.
/// </summary>
public sealed partial class SummaryTextTests : IDisposable
{
    private static readonly string[] Words = ["simmer", "onion", "stock", "oven", "orbit", "galaxy", "comet", "lens"];

    private readonly TempFolder _folder = new();

    public SummaryTextTests()
    {
        _folder.Write("pool.jsonl", [.. Enumerable.Range(0, 60).Select(Row), Row(3), "{ no JSON"]);
        _folder.Write("targets.jsonl", [.. Enumerable.Range(0, 4).Select(i => Row(100 + (8 * i)))]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Summaries_OfEveryCommandOnOneSelection_AreApproved()
    {
        string[] rows = ["--pool", _folder["pool.jsonl"], "--on-bad-row", "skip"];
        string[] target = ["--target", _folder["targets.jsonl"]];
        string output = _folder["out"];
        await MatchAsync("inspect", "inspect", _folder["pool.jsonl"], _folder["targets.jsonl"]);
        await MatchAsync("embed", ["embed", .. rows, "--out", _folder["store"]]);
        await MatchAsync("embed-again", ["embed", .. rows, "--out", _folder["store"]]);
        string vectors = Directory.GetFiles(_folder["store"], "*.npy").Single();
        await MatchAsync("index", "index", "--pool-vectors", vectors, "--out", _folder["index"]);
        await MatchAsync(
            "select",
            ["select", .. rows, .. target, "--budget", "8", "--no-cache", "--threads", "2", "--out", output]
        );
        await MatchAsync("verify", "verify", output);
        await MatchAsync("explain-row-unreached", "explain", output, "row:0", "--threads", "2");
        await MatchAsync("explain-row-passed-over", "explain", output, "row:6", "--threads", "2");
        await MatchAsync("explain-row-chosen", "explain", output, "row:5", "--threads", "2");
        await MatchAsync("explain-row-copy", "explain", output, "row:46", "--threads", "2");
        await MatchAsync("explain-target", "explain", output, "target:2", "--threads", "2");
        await MatchAsync("export", "export", output, "--to", "trl");
        await MatchAsync("cache", "cache", "--cache", _folder["cache"]);

        File.AppendAllText(_folder["out/selected.jsonl"], "\n");
        await MatchAsync("verify-differs", 1, "verify", output);
    }

    private static string Row(int i)
    {
        int topic = i / 4 % 2 * 4;
        string[] words = [.. Enumerable.Range(0, 6).Select(p => Words[topic + ((i * 7 + p * p * (i % 5 + 1)) % 4)])];
        return $$"""{"id":"r{{i}}","text":"{{string.Join(' ', words)}}","source":"{{(topic == 0 ? "cooking" : "sky")}}"}""";
    }

    private Task MatchAsync(string name, params string[] args) => MatchAsync(name, 0, args);

    private async Task MatchAsync(string name, int exitCode, params string[] args)
    {
        RealRun run = await RealRun.RunAsync(args);
        Assert.True(run.ExitCode == exitCode, run.Error);
        string text = run.Out.Replace(_folder.Root, "ROOT", StringComparison.Ordinal);
        text = Rate().Replace(Memory().Replace(Time().Replace(text, "TIME"), "peak memory MEMORY"), "(RATE)");
        text = About().Replace(text, "about TIME");
        Approval.Matches(text, $"Cli/Summaries/{name}.approved.txt");
    }

    [GeneratedRegex(@"\b\d+(\.\d+)? s\b|\b\d+ min \d+ s\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"peak memory [\d.,]+ \w?B")]
    private static partial Regex Memory();

    [GeneratedRegex(@"about [\d,]+ (second|minute|hour)s?\b")]
    private static partial Regex About();

    [GeneratedRegex(@"\([\d,]+ rows/s\)")]
    private static partial Regex Rate();
}
