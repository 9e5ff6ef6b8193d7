using Tsds.Data.Embedding;
using Tsds.Data.Store;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Tests.Data.Embedding.Service;

namespace Tsds.Tests.Jobs.Select;

/// <summary>Who goes over to a joined embedder does not pay a second time for what a model said.</summary>
public sealed class EmbedderCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly EmbeddingServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_JoinedEmbedderAfterItsModel_AsksTheModelNothingAndSelectsTheSame()
    {
        Write("pool.jsonl", 300);
        Write("targets.jsonl", 5);
        await RunAsync(_server.Name, "model", isKept: true);
        int asked = _server.Counts.Sum();
        SelectionSummary joined = await RunAsync($"lexical+{_server.Name}", "joined", isKept: true);

        Assert.Equal(305, asked);
        Assert.Equal(asked, _server.Counts.Sum());
        Assert.Contains("300 of them by a model whose vectors were known", joined.Embedding, StringComparison.Ordinal);
        await RunAsync($"lexical+{_server.Name}", "alone", isKept: false);
        Assert.Equal(2 * asked, _server.Counts.Sum());
        foreach (string file in new[] { "selected.jsonl", "path.csv", "targets.jsonl", "lineage.jsonl" })
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(_folder["alone"], file)),
                File.ReadAllBytes(Path.Combine(_folder["joined"], file))
            );
        }
    }

    /// <summary>Only who uses one of the cheap embedders is told what the next better one takes.</summary>
    [Theory]
    [InlineData("lexical")]
    [InlineData("static")]
    [InlineData("lexical+static")]
    [InlineData("30%lexical+70%static")]
    public async Task RunAsync_CheapEmbedder_SaysWhatABetterOneTakesHere(string embedder)
    {
        Write("pool.jsonl", 300);
        Write("targets.jsonl", 5);
        SelectionSummary summary = await RunAsync(embedder, "out", isKept: false);

        // 300 texts of about 22 characters, 7 tokens each, at a hundred million operations a second.
        Assert.Equal("lexical+minilm: about 4 minutes for these 300 rows on this machine", summary.BetterEmbedder);
    }

    [Fact]
    public async Task RunAsync_ServiceOrModel_IsTheUsersChoice()
    {
        Write("pool.jsonl", 300);
        Write("targets.jsonl", 5);
        Assert.Null((await RunAsync($"lexical+{_server.Name}", "out", isKept: false)).BetterEmbedder);
    }

    private void Write(string name, int count) =>
        _folder.Write(
            name,
            [.. Enumerable.Range(0, count).Select(row => $$"""{"text":"row {{row}} of {{name}} {{row % 7}}"}""")]
        );

    private Task<SelectionSummary> RunAsync(string embedder, string output, bool isKept)
    {
        Assert.True(Budget.TryParse("10", out Budget budget));
        return SelectionJob.RunAsync(
            new SelectionJobOptions
            {
                Spec = new SelectionSpec
                {
                    Pool = [_folder["pool.jsonl"]],
                    Targets = [_folder["targets.jsonl"]],
                    Budget = budget,
                    Embedder = new EmbedderOptions { Name = embedder },
                },
                Cache = isKept ? new VectorCache(_folder["cache"]) : null,
                Output = _folder[output],
                MachineSpeed = () => 1e8,
                ThreadCount = 1,
            },
            null,
            TestContext.Current.CancellationToken
        );
    }
}
