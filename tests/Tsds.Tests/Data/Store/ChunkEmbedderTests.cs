using Tsds.Data.Embedding;
using Tsds.Data.Store;

namespace Tsds.Tests.Data.Store;

public sealed class ChunkEmbedderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(ChunkKey.Rows)]
    [InlineData((2 * ChunkKey.Rows) + 700)]
    public async Task Embed_AnyNumberOfRows_GivesEachItsVectorInOrder(int count)
    {
        string[] texts = Texts(count);
        EmbeddedChunks chunks = await EmbedAsync(new CountingEmbedder(), texts, isOrdered: true);

        Assert.Equal(texts.SelectMany(CountingEmbedder.VectorOf), Npy.ReadEmbeddings(chunks.Paths).Values.ToArray());
        Assert.Equal(count, chunks.EmbeddedRows);
        Assert.Equal(chunks.Paths.Order(StringComparer.Ordinal), chunks.Paths);
    }

    /// <summary>A stop may come at any batch; what is there afterwards and in the end is the same as ever.</summary>
    [Fact]
    public async Task Embed_StoppedAnywhere_GoesOnToTheSameBytes()
    {
        string[] texts = Texts((2 * ChunkKey.Rows) + 700);
        EmbeddedChunks whole = await EmbedAsync(new CountingEmbedder(), texts, isOrdered: true, "whole");
        for (int stop = 0; stop < texts.Length; stop += 3 * TextBatch.Rows)
        {
            string name = $"stopped-{stop}";
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                EmbedAsync(new CountingEmbedder { StopAfter = stop }, texts, isOrdered: true, name)
            );
            EmbeddedChunks resumed = await EmbedAsync(new CountingEmbedder(), texts, isOrdered: true, name);

            Assert.Equal(texts.Length - (stop / ChunkKey.Rows * ChunkKey.Rows), resumed.EmbeddedRows);
            AssertSameFiles("whole", name);
            Assert.Equal(whole.Chunks.Select(chunk => chunk.Sha256), resumed.Chunks.Select(chunk => chunk.Sha256));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Embed_AppendedRows_EmbedsOnlyThese(bool isOrdered)
    {
        string[] texts = Texts(ChunkKey.Rows + 1_500);
        await EmbedAsync(new CountingEmbedder(), texts[..(ChunkKey.Rows + 1_000)], isOrdered);
        CountingEmbedder embedder = new();
        EmbeddedChunks chunks = await EmbedAsync(embedder, texts, isOrdered);

        Assert.Equal(500, embedder.Count);
        Assert.Equal(texts.SelectMany(CountingEmbedder.VectorOf), Npy.ReadEmbeddings(chunks.Paths).Values.ToArray());
    }

    [Fact]
    public async Task Embed_ChangedAndInsertedRows_EmbedsOnlyTheseWithinTheirChunk()
    {
        string[] texts = Texts(1_000);
        await EmbedAsync(new CountingEmbedder(), texts, isOrdered: true);
        string[] changed = [.. texts[..400], "inserted", .. texts[400..700], "changed", .. texts[701..]];
        CountingEmbedder embedder = new();
        EmbeddedChunks chunks = await EmbedAsync(embedder, changed, isOrdered: true);

        Assert.Equal(2, embedder.Count);
        Assert.Equal(changed.SelectMany(CountingEmbedder.VectorOf), Npy.ReadEmbeddings(chunks.Paths).Values.ToArray());
    }

    [Fact]
    public async Task Embed_PoolsWithACommonBegin_ShareItInTheCache()
    {
        string[] texts = Texts(ChunkKey.Rows + 10);
        await EmbedAsync(new CountingEmbedder(), texts, isOrdered: false);
        CountingEmbedder embedder = new();
        await EmbedAsync(embedder, [.. texts[..ChunkKey.Rows], "another", "pool"], isOrdered: false);
        Assert.Equal(2, embedder.Count);
    }

    /// <summary>Whatever happened to a finished chunk, it is noticed and made again.</summary>
    [Theory]
    [InlineData(".npy")]
    [InlineData(".rows")]
    public async Task Embed_DamagedChunk_IsMadeAgain(string extension)
    {
        string[] texts = Texts(300);
        EmbeddedChunks first = await EmbedAsync(new CountingEmbedder(), texts, isOrdered: true);
        string path = Path.ChangeExtension(first.Paths[0], extension);
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Random random = new(1);
        for (int damage = 0; damage < 40; damage++)
        {
            byte[] torn = whole[..random.Next(whole.Length)];
            if (damage % 2 == 1)
            {
                torn = [.. whole];
                torn[random.Next(torn.Length)] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(path, torn, TestContext.Current.CancellationToken);
            EmbeddedChunks again = await EmbedAsync(new CountingEmbedder(), texts, isOrdered: true);
            Assert.Equal(300, again.EmbeddedRows);
            Assert.Equal(whole, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Embed_Float16_RoundsAndRefusesWhatDoesNotFit()
    {
        string[] texts = ["a", "bcd"];
        EmbeddedChunks chunks = await EmbedAsync(
            new CountingEmbedder(),
            texts,
            isOrdered: true,
            precision: VectorPrecision.Half
        );
        Assert.Equal("float16", Npy.ReadShape(chunks.Paths[0]).ElementType);
        Assert.Equal(texts.SelectMany(CountingEmbedder.VectorOf), Npy.ReadEmbeddings(chunks.Paths).Values.ToArray());

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            EmbedAsync(
                new CountingEmbedder(),
                ["a", new string('z', 1_000)],
                isOrdered: true,
                precision: VectorPrecision.Half
            )
        );
        Assert.Contains("row 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("1.22E+05", error.Message, StringComparison.Ordinal);
    }

    private static string[] Texts(int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"text {i} {(char)('a' + (i % 26))}")];

    private async Task<EmbeddedChunks> EmbedAsync(
        CountingEmbedder embedder,
        string[] texts,
        bool isOrdered,
        string name = "shards",
        VectorPrecision precision = VectorPrecision.Full
    )
    {
        string path = Directory.CreateDirectory(_folder[name]).FullName;
        return await new ChunkEmbedder(
            new ChunkFolder(path, precision, isOrdered),
            embedder,
            TextRole.Passage,
            2
        ).EmbedAsync(ChunkKey.Scan(texts), texts, null, TestContext.Current.CancellationToken);
    }

    private void AssertSameFiles(string expected, string actual)
    {
        string[] names =
        [
            .. Directory
                .GetFiles(_folder[expected])
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            names,
            Directory.GetFiles(_folder[actual]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
        Assert.All(
            names,
            name =>
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(_folder[expected], name)),
                    File.ReadAllBytes(Path.Combine(_folder[actual], name))
                )
        );
    }
}
