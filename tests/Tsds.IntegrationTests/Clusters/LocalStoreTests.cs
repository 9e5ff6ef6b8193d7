namespace Tsds.IntegrationTests.Clusters;

/// <summary>Workers whose files are not what they should be.</summary>
/// <param name="stores">The stores.</param>
public sealed class LocalStoreTests(PreparedStores stores)
{
    [Fact]
    public async Task Select_DamagedShard_IsSearchedElsewhereOrNamed()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        string copy = cluster.CopyStore("damaged", _ => true);
        string damaged = Directory.GetFiles(copy, "000001-*.npy").Single();
        byte[] bytes = File.ReadAllBytes(damaged);
        bytes[^1] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        await cluster.JoinWithAsync(copy);
        CliResult named = await cluster.StartSelection("alone").FinishAsync();
        Assert.Equal(1, named.ExitCode);
        Assert.Contains(
            $"No worker can search shards 1 to 1 of the vector store: Expected the vectors in {damaged} as "
                + $"they were written",
            named.Error,
            StringComparison.Ordinal
        );

        await cluster.JoinAsync();
        await cluster.AssertSameAsync(cluster.StartSelection());
    }

    [Fact]
    public async Task Worker_AnotherHashOfAShard_IsRefusedAndBothAreNamed()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        string copy = cluster.CopyStore("other", _ => true);
        string manifest = File.ReadAllText(Path.Combine(copy, "manifest.json"));
        int hash = manifest.IndexOf("\"sha256\": \"", StringComparison.Ordinal) + "\"sha256\": \"".Length;
        File.WriteAllText(
            Path.Combine(copy, "manifest.json"),
            manifest[..hash] + new string('0', 64) + manifest[(hash + 64)..]
        );
        await cluster.JoinAsync();
        CliResult refused = await cluster.StartWorkerWith(copy).FinishAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "Expected all workers to hold the same vector store, found that shard 0 is",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.Contains($"with SHA-256 {new string('0', 64)} in store", refused.Error, StringComparison.Ordinal);
    }
}
