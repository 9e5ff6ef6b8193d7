using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Service;
using Tsds.Data.Store;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Data.Embedding.Service;

public sealed class OpenAIEmbedderTests : IDisposable
{
    private readonly EmbeddingServer _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("none")]
    [InlineData("array")]
    [InlineData("reversed")]
    public async Task Embed_AnyFormAndOrder_GivesEachTextItsVector(string form)
    {
        _server.AlwaysTrouble = form;
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"text {i}")];
        Assert.Equal(texts.SelectMany(EmbeddingServer.VectorOf), await EmbedAsync(texts));
        Assert.Equal([44, 128, 128], _server.Counts.Order());
    }

    /// <summary>A service that fails, throttles or cuts its answers off is asked again.</summary>
    [Theory]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("truncated")]
    [InlineData("short")]
    [InlineData("twice")]
    [InlineData("nan")]
    public async Task Embed_TroubleThatPasses_IsOvercome(string troubles)
    {
        Array.ForEach(troubles.Split(','), _server.Troubles.Enqueue);
        string[] texts = ["one", "two", "three"];
        Assert.Equal(texts.SelectMany(EmbeddingServer.VectorOf), await EmbedAsync(texts));
        Assert.Equal(1 + troubles.Split(',').Length, _server.Counts.Count);
    }

    [Theory]
    [InlineData("short", "2 vectors for 3 texts")]
    [InlineData("twice", "index 0 twice")]
    [InlineData("nan", "NaN")]
    [InlineData("dimension", "dimension 2 and 3 and 4")]
    public async Task Embed_TroubleThatStays_IsAnErrorThatSaysWhat(string trouble, string what)
    {
        _server.AlwaysTrouble = trouble;
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            EmbedAsync(["one", "two", "three"])
        );
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("localhost", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("400")]
    public async Task Embed_Refused_IsNotRepeated(string status)
    {
        _server.AlwaysTrouble = status;
        IOException error = await Assert.ThrowsAsync<IOException>(() => EmbedAsync(["one"]));
        Assert.Contains($"HTTP status {status}", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Counts);
    }

    [Fact]
    public async Task Embed_LongTexts_GoInSmallerRequests()
    {
        await EmbedAsync([.. Enumerable.Range(0, 5).Select(i => new string('x', 90_000))]);
        Assert.Equal([1, 2, 2], _server.Counts.Order());
    }

    [Fact]
    public async Task Embed_KeyAndPrefix_AreSent()
    {
        const string Variable = "TSDS_TEST_EMBEDDING_KEY";
        Environment.SetEnvironmentVariable(Variable, "secret-7");
        using IEmbedder embedder = OpenAIEmbedder.Open(
            new EmbedderOptions
            {
                Name = _server.Name,
                KeyVariable = Variable,
                QueryPrefix = "q: ",
            }
        );
        EmbeddingMatrix vectors = await embedder.EmbedAsync(
            ["a"],
            TextRole.Query,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(["Bearer secret-7"], _server.Keys);
        Assert.Equal(EmbeddingServer.VectorOf("q: a"), vectors.Values.ToArray());
        Assert.DoesNotContain("secret", embedder.IdentityOf(TextRole.Query), StringComparison.Ordinal);
        Assert.NotEqual(embedder.IdentityOf(TextRole.Query), embedder.IdentityOf(TextRole.Passage));
    }

    [Fact]
    public void Open_NoKeyForAServiceElsewhere_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            OpenAIEmbedder.Open(
                new EmbedderOptions
                {
                    Name = "openai:https://example.invalid/v1#m",
                    KeyVariable = "TSDS_TEST_NO_SUCH_KEY",
                }
            )
        );
        Assert.Contains("TSDS_TEST_NO_SUCH_KEY", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai:http://localhost/v1")]
    [InlineData("openai:http://localhost/v1#")]
    [InlineData("openai:file:///x#m")]
    [InlineData("openai:#m")]
    [InlineData("onnx:")]
    [InlineData("Lexical")]
    public void Name_NoEmbedder_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => new EmbedderOptions { Name = name });

    [Fact]
    public void Plan_Service_SaysWhatIsSentAndWhatItCosts()
    {
        using TempFolder folder = new();
        folder.Write("pool.jsonl", new byte[4_000_000]);
        EmbedderOptions embedder = new() { Name = "openai:https://api.example.com/v1#small", Price = 0.02m };
        EmbedEstimate plan = EmbedJob.Plan(
            new EmbedJobOptions
            {
                Pool = [folder["pool.jsonl"]],
                Output = folder["store"],
                Embedder = embedder,
            }
        );
        string note = Assert.Single(plan.Notes);
        Assert.Contains("api.example.com, model small", note, StringComparison.Ordinal);
        Assert.Contains("1,000,000 tokens", note, StringComparison.Ordinal);
        Assert.Contains("0.02 at 0.02 a million", note, StringComparison.Ordinal);
        Assert.Null(plan.Dimension);
    }

    /// <summary>Vectors that were paid for once are kept, those of targets too.</summary>
    [Fact]
    public async Task Select_Twice_AsksTheServiceOnce()
    {
        using TempFolder folder = new();
        folder.Write(
            "pool.jsonl",
            [.. Enumerable.Range(0, 50).Select(i => $$"""{"text":"row {{i}} {{new string('x', i)}}"}""")]
        );
        folder.Write("targets.jsonl", """{"text":"row 7"}""");
        Assert.True(Budget.TryParse("5", out Budget budget));
        SelectionJobOptions job = new()
        {
            Spec = new SelectionSpec
            {
                Pool = [folder["pool.jsonl"]],
                Targets = [folder["targets.jsonl"]],
                Budget = budget,
                Embedder = new EmbedderOptions { Name = _server.Name },
            },
            Output = folder["one"],
            Cache = new VectorCache(folder["cache"]),
        };
        await SelectionJob.RunAsync(job, null, TestContext.Current.CancellationToken);
        Assert.Equal([1, 50], _server.Counts.Order());
        await SelectionJob.RunAsync(job with { Output = folder["two"] }, null, TestContext.Current.CancellationToken);
        Assert.Equal(2, _server.Counts.Count);
        Assert.Equal(File.ReadAllText(folder["one/lineage.jsonl"]), File.ReadAllText(folder["two/lineage.jsonl"]));
    }

    private async Task<float[]> EmbedAsync(string[] texts)
    {
        using IEmbedder embedder = OpenAIEmbedder.Open(
            new EmbedderOptions { Name = _server.Name, KeyVariable = "TSDS_TEST_NO_SUCH_KEY" }
        );
        return (
            await embedder.EmbedAsync(texts, TextRole.Passage, TestContext.Current.CancellationToken)
        ).Values.ToArray();
    }
}
