namespace Tsds.IntegrationTests.Clusters;

/// <summary>
/// Workers and clients that are killed in the middle of a selection on real vectors: the same bytes as on one machine.
/// </summary>
/// <param name="stores">The stores.</param>
public sealed class LostWorkerTests(PreparedStores stores)
{
    [Fact]
    public async Task Select_ThreeWorkersOneKilledInEachPhase_IsTheSelectionOfOneMachine()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Large);
        CliProcess[] workers = await cluster.JoinAsync(3);
        CliProcess selection = cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        workers[0].Kill();
        await workers[1].WaitForErrorLineAsync(": density of");
        workers[1].Kill();
        Assert.True(await cluster.AssertSameAsync(selection) >= 2, "A worker was killed after it had answered.");
    }

    [Fact]
    public async Task Select_ClientKilledAndRunAgain_IsTheSelectionOfOneMachine()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Large);
        CliProcess[] workers = await cluster.JoinAsync(2);
        CliProcess killed = cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        killed.Kill();
        Assert.NotEqual(0, (await killed.FinishAsync()).ExitCode);
        Assert.Equal(0, await cluster.AssertSameAsync(cluster.StartSelection()));
    }
}
