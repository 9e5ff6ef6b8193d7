namespace Tsds.IntegrationTests.Clusters;

/// <summary>Joining, leaving and losing members of a cluster.</summary>
/// <param name="stores">The stores.</param>
public sealed class MembershipTests(PreparedStores stores)
{
    [Fact]
    public async Task Select_RedisRestartedMeanwhile_IsTheSelectionOfOneMachine()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Large);
        CliProcess[] workers = await cluster.JoinAsync(2);
        CliProcess selection = cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        cluster.Redis.Restart();
        await cluster.AssertSameAsync(selection);
        await cluster.AssertSameAsync(cluster.StartSelection("again"), "again");
    }

    [Fact]
    public async Task Select_WorkerWithTheRestJoinsLate_WaitsForItAndIsTheSelectionOfOneMachine()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        // The selection reads rows of every part before it searches: it waits already then, or at the latest there.
        await cluster.JoinWithAsync(cluster.CopyStore("early", shard => shard < 2));
        string late = cluster.CopyStore("late", shard => shard == 2);
        CliProcess selection = cluster.StartSelection();
        await cluster.JoinWithAsync(late);
        await cluster.AssertSameAsync(selection);
    }

    [Fact]
    public async Task Select_NobodyHoldsAShard_SaysWhichWithinTheTimeout()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        await cluster.JoinWithAsync(cluster.CopyStore("early", shard => shard < 2));
        CliResult result = await cluster.StartSelection("cluster", "--timeout", "45").FinishAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "Expected a worker with shards 2 to 2 of the vector store, found none among 1 within 45 s",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Select_AnotherProviderOfMembership_IsAChangeOfConfiguration()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Small);
        cluster.Address = cluster.Folder["members.json"];
        File.WriteAllText(
            cluster.Address,
            $$"""
            {
              "Orleans": {
                "ClusterId": "pool",
                "ServiceId": "tsds",
                "Clustering": { "ProviderType": "Redis", "ConnectionString": "127.0.0.1:{{cluster.Redis.Port}}" }
              }
            }
            """
        );
        await cluster.JoinAsync(2);
        await cluster.AssertSameAsync(cluster.StartSelection());
    }
}
