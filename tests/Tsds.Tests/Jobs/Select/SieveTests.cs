using System.Text.Json.Nodes;
using Tsds.Data.Embedding;
using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Jobs.Verify;

namespace Tsds.Tests.Jobs.Select;

/// <summary>A sieve leaves the rows that matter, the same ones whatever runs it, and says how many it finds.</summary>
public sealed class SieveTests : IDisposable
{
    private const int RowCount = 4_000;

    private static readonly string[] Cooking = ["flour", "butter", "oven", "dough", "yeast", "crust", "whisk", "salt"];
    private static readonly string[] Other = ["violin", "engine", "planet", "ledger", "tennis", "harbor", "statute"];

    private readonly TempFolder _folder = new();

    public SieveTests()
    {
        // One row in twenty is of the targets' topic; three of them are bad, which moves numbers but no lines.
        string[] rows = [.. Enumerable.Range(0, RowCount).Select(Row)];
        (rows[5], rows[900], rows[3_999]) = ("oops", "{}", "[]");
        _folder.Write("a.jsonl", rows[..1_500]);
        _folder.Write("b.jsonl", rows[1_500..]);
        _folder.Write("targets.jsonl", [.. Enumerable.Range(0, 12).Select(i => Text(Cooking, i * 131))]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_AnyThreadsAndCache_IsTheSameBytesAndRowsOfTheTopic()
    {
        SelectionSummary summary = await RunAsync(Spec, "one", threads: 1);
        Assert.Equal((RowCount - 3, 400), (summary.Sieve!.PoolRows, summary.Sieve.Rows));
        Assert.Equal(400, summary.PoolRows);

        // A share of the pool, not of what the sieve left.
        Assert.Equal(40, summary.Budget);
        Assert.Equal(40, summary.DistinctRows);
        Assert.True(summary.Plan!.Certificate.IsCertified);
        Assert.Equal(2_000, summary.Sieve.SampleRows);
        Assert.InRange(summary.Sieve.Relevant, 3, 40);
        Assert.True(summary.Sieve.Recall >= 0.9);
        Assert.InRange(summary.Sieve.Recall, summary.Sieve.RecallLow, summary.Sieve.RecallHigh);
        int ofTopic = 0;
        foreach (LineageRecord line in LineageFile.ReadLineage(_folder["one"]).Where(line => line.Count > 0))
        {
            string row = File.ReadLines(_folder[Path.GetFileName(line.File!)]).ElementAt((int)line.Line!.Value - 1);
            Assert.Contains(row, File.ReadAllText(_folder["one/selected.jsonl"]), StringComparison.Ordinal);
            ofTopic += row.Contains("cooking", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(ofTopic >= 36, $"{ofTopic} of 40 rows are of the topic");
        VectorCache cache = new(_folder["cache"]);
        await RunAsync(Spec, "two", threads: 3, cache);
        await RunAsync(Spec, "three", threads: 2, cache);
        foreach (string name in new[] { "selected.jsonl", "lineage.jsonl", "targets.jsonl", "path.csv" })
        {
            Assert.Equal(File.ReadAllBytes(_folder[$"one/{name}"]), File.ReadAllBytes(_folder[$"two/{name}"]));
            Assert.Equal(File.ReadAllBytes(_folder[$"one/{name}"]), File.ReadAllBytes(_folder[$"three/{name}"]));
        }

        SelectionManifest manifest = SelectionManifest.Read(_folder["one"]);
        Assert.Equal("10%", manifest.Spec!.Sieve.ToString());
        Assert.Equal(summary.Sieve.Found, manifest.Root["sieve"]!["found"]!.GetValue<long>());
        Assert.All(
            await VerificationJob.RunAsync(
                manifest,
                new RepeatOptions { Cache = cache },
                null,
                TestContext.Current.CancellationToken
            ),
            check => Assert.True(check.Agrees, check.Text)
        );
    }

    [Fact]
    public async Task RunAsync_SieveThatLeavesAll_SelectsAsWithoutOne()
    {
        SelectionSummary sieved = await RunAsync(Spec with { Sieve = Of("100%") }, "all");
        Assert.Null(sieved.Sieve);
        await RunAsync(Spec with { Sieve = null }, "none");
        Assert.Equal(File.ReadAllBytes(_folder["none/lineage.jsonl"]), File.ReadAllBytes(_folder["all/lineage.jsonl"]));
        JsonObject manifest = SelectionManifest.Read(_folder["none"]).Root;
        Assert.Null(manifest["sieve"]);
        Assert.False(manifest["spec"]!.AsObject().ContainsKey("sieve"));
    }

    [Fact]
    public async Task RunAsync_SmallerThanTheBudget_IsRefused()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() =>
            RunAsync(Spec with { Sieve = Of("39") }, "out")
        );
        Assert.Contains("at least the 40 rows of --budget, found 39 of 3,997", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task RunAsync_LittleMemory_IsRefusedBeforeTheSample()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            RunAsync(Spec, "out", memory: 10_000_000)
        );
        Assert.Contains("--memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimate_WhatNeedsNoSieve_IsRefused()
    {
        Assert.Contains(
            "--pool-vectors",
            Refused(Spec with { Pool = [], PoolVectors = ["v.npy"], TargetVectors = ["t.npy"] }),
            StringComparison.Ordinal
        );
        Assert.Contains("max-sim", Refused(Spec with { Method = "max-sim" }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Spec with { Sieve = Of("2Mtok") });
        Assert.Contains(
            "found 1% for 5%",
            Refused(Spec with { Sieve = Of("1%"), Budget = Of("5%") }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "found 39 for 40",
            Refused(Spec with { Sieve = Of("39"), Budget = Of("40") }),
            StringComparison.Ordinal
        );

        string Refused(SelectionSpec spec) =>
            Assert.Throws<ArgumentException>(() => SelectionJob.Estimate(Job(spec, "out", 1, null, null))).Message;
    }

    [Theory]
    [InlineData("1%", true)]
    [InlineData("7", false)]
    public void Estimate_BudgetInPercent_SaysOfWhat(string budget, bool isSaid)
    {
        SelectionEstimate plan = SelectionJob.Estimate(Job(Spec with { Budget = Of(budget) }, "out", 1, null, null));
        Assert.Equal(
            isSaid,
            plan.Notes.Any(note => note.Contains("1% is a share of the whole pool", StringComparison.Ordinal))
        );
    }

    private SelectionSpec Spec =>
        new()
        {
            Pool = [_folder["a.jsonl"], _folder["b.jsonl"]],
            Targets = [_folder["targets.jsonl"]],
            Budget = Of("1%"),
            Sieve = Of("10%"),
            OnBadRow = BadRowPolicy.Skip,
            HasReport = false,
            Embedder = new EmbedderOptions { Name = "static" },
        };

    private Task<SelectionSummary> RunAsync(
        SelectionSpec spec,
        string output,
        int threads = 2,
        VectorCache? cache = null,
        long? memory = null
    ) => SelectionJob.RunAsync(Job(spec, output, threads, cache, memory), null, TestContext.Current.CancellationToken);

    private SelectionJobOptions Job(SelectionSpec spec, string output, int threads, VectorCache? cache, long? memory) =>
        new()
        {
            Spec = spec,
            Output = _folder[output],
            ThreadCount = threads,
            Cache = cache,
            MemoryLimit = memory,
        };

    private static Budget Of(string text) => Budget.TryParse(text, out Budget budget) ? budget : default;

    private static string Row(int i) => i % 20 == 7 ? Text(Cooking, i) : Text(Other, i);

    private static string Text(string[] words, int i)
    {
        string topic = words == Cooking ? "cooking" : "other";
        string a = words[i % words.Length];
        string b = words[i / 3 % words.Length];
        string c = words[i / 11 % words.Length];
        return $$"""{"text":"about {{topic}}: {{a}} and {{b}} with {{c}} in case {{i}}"}""";
    }
}
