using Tsds.Data.Embedding;
using Tsds.Jobs.Embed;
using Tsds.Orleans.Workers;

namespace Tsds.Tests.Orleans;

/// <summary>The files that a worker reads, and those that it does not.</summary>
public sealed class LocalStoreTests : IDisposable
{
    /// <summary>An embedder that needs no pass over the rows first.</summary>
    private static readonly EmbedderOptions Static = new() { Name = "static" };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_PartsInTwoFolders_HoldsBoth()
    {
        string store = await WriteStoreAsync();
        string part = Path.Combine(_folder.Root, "part");
        Directory.CreateDirectory(part);
        File.Copy(Path.Combine(store, "manifest.json"), Path.Combine(part, "manifest.json"));
        Assert.Empty(LocalStore.Open([part]).Held);
        string shard = Directory.GetFiles(store, "000001-*.npy").Single();
        File.Move(shard, Path.Combine(part, Path.GetFileName(shard)));
        Assert.Equal([0], LocalStore.Open([store]).Held);
        Assert.Equal([1], LocalStore.Open([part]).Held);
        Assert.Equal([0, 1], LocalStore.Open([store, part]).Held);
    }

    [Fact]
    public async Task Open_LinkOutOfTheFolder_IsRefused()
    {
        string store = await WriteStoreAsync();
        string shard = Directory.GetFiles(store, "000001-*.npy").Single();
        string outside = Path.Combine(_folder.Root, "outside.npy");
        File.Move(shard, outside);
        File.CreateSymbolicLink(shard, outside);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => LocalStore.Open([store]));
        Assert.Equal(
            $"Expected {shard} to be a file, found a link; a worker reads nothing but what lies in the "
                + $"folders that it was given.",
            refused.Message
        );
    }

    [Fact]
    public async Task Open_NameThatLeadsOut_IsRefused()
    {
        string store = await WriteStoreAsync();
        string manifest = Path.Combine(store, "manifest.json");
        string name = Path.GetFileName(Directory.GetFiles(store, "000001-*.npy").Single());
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(name, "../" + name, StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => LocalStore.Open([store]));
    }

    [Fact]
    public async Task OpenPool_OtherBytes_NamesTheFile()
    {
        string store = await WriteStoreAsync();
        string shard = Directory.GetFiles(store, "000001-*.npy").Single();
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[^1] ^= 1;
        File.WriteAllBytes(shard, bytes);
        LocalStore held = LocalStore.Open([store]);
        using CandidatePool whole = await held.OpenPoolAsync(held.Sections[0], new CandidatePoolOptions());
        Assert.Equal(4_096, whole.Count);
        InvalidDataException damaged = await Assert.ThrowsAsync<InvalidDataException>(() =>
            held.OpenPoolAsync(held.Sections[1], new CandidatePoolOptions())
        );
        Assert.StartsWith(
            $"Expected the vectors in {shard} as they were written",
            damaged.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Open_TwoStores_IsRefused()
    {
        string store = await WriteStoreAsync();
        string other = await WriteStoreAsync("other", 10);
        Assert.Contains(
            $"found another one in {other}",
            Assert.Throws<InvalidDataException>(() => LocalStore.Open([store, other])).Message,
            StringComparison.Ordinal
        );
    }

    private async Task<string> WriteStoreAsync(string name = "store", int rows = 4_100)
    {
        string pool = Path.Combine(_folder.Root, name + ".jsonl");
        File.WriteAllLines(
            pool,
            Enumerable.Range(0, rows).Select(i => $$"""{"text":"row {{i % 97}} of {{i % 89}}"}""")
        );
        string store = Path.Combine(_folder.Root, name);
        await EmbedJob.RunAsync(
            new EmbedJobOptions
            {
                Pool = [pool],
                Output = store,
                Embedder = Static,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        return store;
    }
}
