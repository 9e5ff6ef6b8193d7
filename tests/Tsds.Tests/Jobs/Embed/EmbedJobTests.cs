using System.Text.Json.Nodes;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Jobs.Embed;

public sealed class EmbedJobTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public EmbedJobTests()
    {
        WritePool(200);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_Twice_EmbedsNothingTheSecondTime()
    {
        EmbedSummary first = await EmbedAsync();
        Assert.Equal((200, 200, 256), (first.Rows, first.EmbeddedRows, first.Dimension));
        Dictionary<string, byte[]> before = Files();

        EmbedSummary second = await EmbedAsync();
        Assert.Equal((200, 0), (second.Rows, second.EmbeddedRows));
        Assert.Equal(before, Files());
    }

    /// <summary>The fit stays, so the vectors that are there stay valid, and the store says whose it is.</summary>
    [Fact]
    public async Task RunAsync_RowsAppended_EmbedsTheseWithTheFitOfTheStore()
    {
        EmbedSummary first = await EmbedAsync();
        float[] before = Vectors();
        WritePool(250);

        EmbedSummary second = await EmbedAsync();

        Assert.Equal((250, 50, first.Embedder), (second.Rows, second.EmbeddedRows, second.Embedder));
        Assert.Equal(before, Vectors()[..before.Length]);
        Assert.Single(Directory.GetFiles(_folder["store"], "*.npy"));
        Assert.Equal(250, Manifest()["rows"]!.GetValue<int>());
    }

    [Fact]
    public async Task RunAsync_AnotherPool_IsRefusedAndNothingIsLost()
    {
        await EmbedAsync();
        Dictionary<string, byte[]> before = Files();
        _folder.Write("pool.jsonl", [.. Enumerable.Range(0, 50).Select(i => $$"""{"text":"other {{i}}"}""")]);

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => EmbedAsync());
        Assert.Contains("another first row", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files());

        EmbedSummary forced = await EmbedAsync(force: true);
        Assert.Equal(50, forced.EmbeddedRows);
    }

    [Theory]
    [InlineData("--template")]
    [InlineData("--store")]
    public async Task RunAsync_OtherSettings_AreRefusedByName(string what)
    {
        await EmbedAsync();
        EmbedJobOptions other =
            what == "--store" ? Job() with { Store = VectorPrecision.Half } : Job() with { Template = "{id}: {text}" };
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            EmbedJob.RunAsync(other, null, TestContext.Current.CancellationToken)
        );
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("--force", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FolderOfSomebodyElse_IsRefused()
    {
        _folder.Write("store/notes.txt", "precious");
        IOException error = await Assert.ThrowsAsync<IOException>(() => EmbedAsync());
        Assert.Contains("other files", error.Message, StringComparison.Ordinal);
        await EmbedAsync(force: true);
        Assert.True(File.Exists(_folder["store/notes.txt"]));

        _folder.Write("selection/selected.jsonl", "{}");
        _folder.Write("selection/manifest.json", "{}");
        EmbedJobOptions selection = Job() with { Output = _folder["selection"], Force = true };
        await Assert.ThrowsAsync<IOException>(() =>
            EmbedJob.RunAsync(selection, null, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task RunAsync_FolderInUse_IsRefused()
    {
        Directory.CreateDirectory(_folder["store"]);
        using FileStream other = new(_folder["store/.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        IOException error = await Assert.ThrowsAsync<IOException>(() => EmbedAsync());
        Assert.Contains("another 'tsds embed'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json", "{\"format\":\"tsds-vector-store\",\"version\":2}")]
    [InlineData("manifest.json", "{\"format\":\"tsds-vector-store\"")]
    [InlineData("manifest.json", "[]")]
    public async Task RunAsync_DamagedManifest_IsRefused(string name, string content)
    {
        await EmbedAsync();
        _folder.Write("store/" + name, content);
        await Assert.ThrowsAsync<InvalidDataException>(() => EmbedAsync());
        EmbedSummary forced = await EmbedAsync(force: true);
        Assert.Equal(200, forced.Rows);
    }

    [Fact]
    public async Task Select_FromTheStore_IsTheSelectionFromTheRows()
    {
        await EmbedAsync();
        _folder.Write("targets.jsonl", """{"text":"number 17 of many"}""", """{"text":"number 42 of many"}""");
        await SelectAsync("rows", []);
        SelectionSummary store = await SelectAsync("store-out", [_folder["store"]]);

        Assert.Equal("0 rows embedded, 200 known already", store.Embedding);
        foreach (string name in (string[])["selected.jsonl", "lineage.jsonl", "targets.jsonl", "path.csv"])
        {
            Assert.Equal(File.ReadAllText(_folder[$"rows/{name}"]), File.ReadAllText(_folder[$"store-out/{name}"]));
        }
    }

    [Fact]
    public async Task Select_StoreOfOtherRows_IsRefused()
    {
        await EmbedAsync();
        WritePool(201);
        _folder.Write("targets.jsonl", """{"text":"number 17 of many"}""");
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            SelectAsync("out", [_folder["store"]])
        );
        Assert.Contains("201 rows for 200 vectors", error.Message, StringComparison.Ordinal);

        _folder.Write("pool.jsonl", [.. Enumerable.Range(0, 200).Select(i => $$"""{"text":"number {{i}} of more"}""")]);
        error = await Assert.ThrowsAsync<InvalidDataException>(() => SelectAsync("out", [_folder["store"]]));
        Assert.Contains("other texts between rows 0 and 199", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_DamagedStore_IsRefused()
    {
        await EmbedAsync();
        _folder.Write("targets.jsonl", """{"text":"number 17 of many"}""");
        string shard = Directory.GetFiles(_folder["store"], "*.npy").Single();
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[^1] ^= 1;
        File.WriteAllBytes(shard, bytes);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            SelectAsync("out", [_folder["store"]])
        );
        Assert.Contains("as they were written", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private Task<SelectionSummary> SelectAsync(string output, string[] vectors)
    {
        Assert.True(Budget.TryParse("10", out Budget budget));
        return SelectionJob.RunAsync(
            new SelectionJobOptions
            {
                Spec = new SelectionSpec
                {
                    Pool = [_folder["pool.jsonl"]],
                    PoolVectors = vectors,
                    Targets = [_folder["targets.jsonl"]],
                    Budget = budget,
                },
                Output = _folder[output],
                Cache = null,
            },
            null,
            TestContext.Current.CancellationToken
        );
    }

    private void WritePool(int rows) =>
        _folder.Write(
            "pool.jsonl",
            [
                .. Enumerable
                    .Range(0, rows)
                    .Select(i => $$"""{"text":"number {{i}} of many, {{i % 7}} and {{i % 11}}"}"""),
            ]
        );

    private EmbedJobOptions Job() =>
        new()
        {
            Pool = [_folder["pool.jsonl"]],
            Output = _folder["store"],
            ThreadCount = 2,
        };

    private Task<EmbedSummary> EmbedAsync(bool force = false) =>
        EmbedJob.RunAsync(Job() with { Force = force }, null, TestContext.Current.CancellationToken);

    private JsonNode Manifest() => JsonNode.Parse(File.ReadAllText(_folder["store/manifest.json"]))!;

    private float[] Vectors() =>
        Npy.ReadEmbeddings([
                .. Manifest()["shards"]!
                    .AsArray()
                    .Select(shard => _folder["store/" + shard!["file"]!.GetValue<string>()]),
            ])
            .Values.ToArray();

    private Dictionary<string, byte[]> Files() =>
        Directory
            .GetFiles(_folder["store"])
            .Order(StringComparer.Ordinal)
            .ToDictionary(path => path, File.ReadAllBytes);
}
