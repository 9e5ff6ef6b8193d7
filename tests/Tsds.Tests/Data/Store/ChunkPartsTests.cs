using Tsds.Data.Embedding;
using Tsds.Data.Store;

namespace Tsds.Tests.Data.Store;

/// <summary>Vectors of a model, kept apart from the joined embedders that the model is a part of.</summary>
public sealed class ChunkPartsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Embed_AfterTheModelAlone_TakesItsPart()
    {
        string[] texts = Texts(ChunkKey.Rows + 700);
        await EmbedAsync(new CountingEmbedder(), texts);
        CountingEmbedder model = new();
        EmbeddedChunks joined = await EmbedAsync(Joined(model), texts);

        Assert.Equal(0, model.Count);
        Assert.Equal(texts.Length, joined.EmbeddedRows);
        Assert.Equal(texts.Length, joined.KnownPartRows);
        await AssertSameAsAloneAsync(joined, Joined(new CountingEmbedder()), texts);
    }

    [Fact]
    public async Task Embed_ModelAloneAfterJoined_TakesItsPart()
    {
        string[] texts = Texts(ChunkKey.Rows + 700);
        await EmbedAsync(Joined(new CountingEmbedder()), texts);
        CountingEmbedder model = new();
        EmbeddedChunks alone = await EmbedAsync(model, texts);

        Assert.Equal(0, model.Count);
        Assert.Equal(0, alone.EmbeddedRows);
        Assert.Equal(texts.SelectMany(CountingEmbedder.VectorOf), Npy.ReadEmbeddings(alone.Paths).Values.ToArray());
    }

    [Fact]
    public async Task Embed_OtherShares_TakeTheSamePart()
    {
        string[] texts = Texts(300);
        await EmbedAsync(Joined(new CountingEmbedder()), texts);
        CountingEmbedder model = new();
        EmbeddedChunks joined = await EmbedAsync(Joined(model, share: 0.3), texts);

        Assert.Equal(0, model.Count);
        await AssertSameAsAloneAsync(joined, Joined(new CountingEmbedder(), share: 0.3), texts);
    }

    /// <summary>Another fit gives another joined embedder; the model stays, and is asked for what is new.</summary>
    [Fact]
    public async Task Embed_ChangedRowAndOtherFit_AsksTheModelForThatRowOnly()
    {
        string[] texts = Texts(ChunkKey.Rows + 700);
        await EmbedAsync(Joined(new CountingEmbedder()), texts);
        string[] changed = [.. texts[..500], "changed", .. texts[501..]];
        CountingEmbedder model = new();
        EmbeddedChunks joined = await EmbedAsync(Joined(model, fit: "other"), changed);

        Assert.Equal(1, model.Count);
        await AssertSameAsAloneAsync(joined, Joined(new CountingEmbedder(), fit: "other"), changed);
    }

    /// <summary>A run that stopped in any chunk is resumed, with the same bytes in the end.</summary>
    [Fact]
    public async Task Embed_StoppedAnywhere_GoesOnToTheSameBytes()
    {
        string[] texts = Texts((2 * ChunkKey.Rows) + 700);
        for (int stop = 0; stop < texts.Length; stop += 5 * TextBatch.Rows)
        {
            string name = $"stopped-{stop}";
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                EmbedAsync(Joined(new CountingEmbedder { StopAfter = stop }), texts, name)
            );
            CountingEmbedder model = new();
            EmbeddedChunks resumed = await EmbedAsync(Joined(model), texts, name);

            Assert.Equal(texts.Length - (stop / ChunkKey.Rows * ChunkKey.Rows), model.Count);
            await AssertSameAsAloneAsync(resumed, Joined(new CountingEmbedder()), texts);
        }
    }

    [Fact]
    public async Task Embed_FittedPart_IsNotKeptApart()
    {
        string[] texts = Texts(10);
        await EmbedAsync(Joined(new CountingEmbedder()), texts);

        Assert.Equal(
            ["0.5 fitted/one + 0.5 counting", "counting"],
            Cache().List().Select(entry => entry.Embedder).Order(StringComparer.Ordinal)
        );
    }

    private static string[] Texts(int count) => [.. Enumerable.Range(0, count).Select(i => $"text {i}")];

    private static JoinedEmbedder Joined(CountingEmbedder model, double share = 0.5, string fit = "one") =>
        new([(new FittedEmbedder(fit), 1 - share), (model, share)]);

    private async Task<EmbeddedChunks> EmbedAsync(IEmbedder embedder, string[] texts, string name = "cache")
    {
        using VectorCacheLease lease = Cache(name).Lease();
        return await new ChunkEmbedder(
            lease.FolderOf(embedder.IdentityOf(TextRole.Passage)),
            embedder,
            TextRole.Passage,
            2
        )
        {
            PartFolderOf = lease.FolderOf,
        }.EmbedAsync(ChunkKey.Scan(texts), texts, null, TestContext.Current.CancellationToken);
    }

    /// <summary>The bytes are those of an embedder of which nothing is kept.</summary>
    private async Task AssertSameAsAloneAsync(EmbeddedChunks found, IEmbedder embedder, string[] texts)
    {
        string path = Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("N")]).FullName;
        EmbeddedChunks alone = await new ChunkEmbedder(
            new ChunkFolder(path, VectorPrecision.Full, isOrdered: false),
            embedder,
            TextRole.Passage,
            1
        ).EmbedAsync(ChunkKey.Scan(texts), texts, null, TestContext.Current.CancellationToken);
        Assert.Equal(alone.Chunks.Select(chunk => chunk.Sha256), found.Chunks.Select(chunk => chunk.Sha256));
    }

    private VectorCache Cache(string name = "cache") => new(_folder[name]);

    /// <summary>An embedder that is fitted to a pool.</summary>
    private sealed class FittedEmbedder(string fit) : IEmbedder
    {
        public EmbedderFit? Fit => new("fitted", 1);

        public string IdentityOf(TextRole role) => $"fitted/{fit}";

        public ValueTask<EmbeddingMatrix> EmbedAsync(
            IReadOnlyList<string> texts,
            TextRole role,
            CancellationToken cancellationToken
        ) =>
            ValueTask.FromResult(
                new EmbeddingMatrix(texts.SelectMany(text => new float[] { text.Length, fit.Length }).ToArray(), 2)
            );

        public void Dispose() { }
    }
}
