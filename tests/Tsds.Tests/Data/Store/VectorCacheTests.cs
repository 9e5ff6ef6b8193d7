using Tsds.Data.Embedding;
using Tsds.Data.Store;

namespace Tsds.Tests.Data.Store;

public sealed class VectorCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_AfterUse_SaysWhatIsThere()
    {
        Assert.Empty(Cache().List());
        await UseAsync(Cache(), "one", "a", 10);
        await UseAsync(Cache(), "two", "b", 20);

        IReadOnlyList<VectorCacheEntry> entries = Cache().List();
        Assert.Equal(["one", "two"], entries.Select(entry => entry.Embedder).Order(StringComparer.Ordinal));
        Assert.Equal(30, entries.Sum(entry => entry.Rows));
        Assert.All(entries, entry => Assert.Equal(3, entry.Dimension));
        Assert.All(entries, entry => Assert.True(entry.Bytes > 0));
    }

    [Fact]
    public async Task Dispose_TooLarge_LetsGoWhatWasNotUsedForLongest()
    {
        await UseAsync(Cache(), "one", "old", 100);
        Age(TimeSpan.FromDays(2));
        await UseAsync(Cache(), "one", "used again", 100);
        Age(TimeSpan.FromDays(1));
        await UseAsync(Cache(), "two", "new", 100);
        await UseAsync(Cache(), "one", "used again", 100);
        long size = Cache().List().Sum(entry => entry.Bytes);

        await UseAsync(Cache(size - 1), "two", "new", 100);

        Assert.Equal(0, await UseAsync(Cache(), "one", "used again", 100));
        Assert.Equal(0, await UseAsync(Cache(), "two", "new", 100));
        Assert.Equal(100, await UseAsync(Cache(), "one", "old", 100));
    }

    [Fact]
    public async Task Dispose_WhileAnotherRunUsesTheCache_DeletesNothing()
    {
        await UseAsync(Cache(), "one", "a", 10);
        using (Cache().Lease())
        {
            await UseAsync(Cache(0), "one", "b", 10);
            Assert.Equal(20, Cache().List().Sum(entry => entry.Rows));
            IOException error = Assert.Throws<IOException>(() => Cache().Clear());
            Assert.Contains("another run", error.Message, StringComparison.Ordinal);
        }

        await UseAsync(Cache(0), "one", "b", 10);
        Assert.Empty(Cache().List());
    }

    [Fact]
    public async Task Clear_LeavesNothingButOtherPeoplesFiles()
    {
        await UseAsync(Cache(), "one", "a", 10);
        string mine = _folder.Write("cache/mine/notes.txt", "precious");
        string torn = Path.Combine(
            Directory.GetDirectories(_folder["cache"]).Single(path => !path.EndsWith("mine", StringComparison.Ordinal)),
            ".x.npy.1.partial"
        );
        await File.WriteAllTextAsync(torn, "half", TestContext.Current.CancellationToken);

        Assert.True(Cache().Clear() > 0);
        Assert.Empty(Cache().List());
        Assert.False(File.Exists(torn));
        Assert.True(File.Exists(mine));
        Assert.Equal(0, Cache().Clear());
    }

    [Fact]
    public void ListAndClear_FolderThatIsNoCache_LeaveNothingInIt()
    {
        string mine = _folder.Write("cache/notes.txt", "precious");

        Assert.Empty(Cache().List());
        Assert.Equal(0, Cache().Clear());
        Assert.Equal([mine], Directory.GetFileSystemEntries(_folder["cache"]));
    }

    [Fact]
    public async Task Use_ByTwoAtOnce_GivesBothTheirVectors()
    {
        string[] texts = Texts("both", 9_000);
        await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        using VectorCacheLease lease = Cache().Lease();
                        EmbeddedChunks chunks = await EmbedAsync(lease.FolderOf("one"), texts);
                        Assert.Equal(
                            texts.SelectMany(CountingEmbedder.VectorOf),
                            Npy.ReadEmbeddings(chunks.Paths).Values.ToArray()
                        );
                    })
                )
        );
        Assert.Equal(9_000, Cache().List().Sum(entry => entry.Rows));
    }

    private static string[] Texts(string name, int count) => [.. Enumerable.Range(0, count).Select(i => $"{name} {i}")];

    private static Task<EmbeddedChunks> EmbedAsync(ChunkFolder folder, string[] texts) =>
        new ChunkEmbedder(folder, new CountingEmbedder(), TextRole.Passage, 1).EmbedAsync(
            ChunkKey.Scan(texts),
            texts,
            null,
            TestContext.Current.CancellationToken
        );

    private static async Task<long> UseAsync(VectorCache cache, string embedder, string name, int count)
    {
        using VectorCacheLease lease = cache.Lease();
        return (await EmbedAsync(lease.FolderOf(embedder), Texts(name, count))).EmbeddedRows;
    }

    private VectorCache Cache(long maxBytes = long.MaxValue) => new(_folder["cache"]) { MaxBytes = maxBytes };

    private void Age(TimeSpan age)
    {
        foreach (string path in Directory.EnumerateFiles(_folder["cache"], "*.npy", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - age);
        }
    }
}
