namespace Tsds.IntegrationTests.Clusters;

/// <summary>Workers that are there but do not answer for longer than the timeout: others search their shares.</summary>
/// <param name="stores">The stores.</param>
public sealed class SilentWorkerTests(PreparedStores stores)
{
    [Fact]
    public async Task Select_WorkerStoppedForLongerThanTheTimeout_IsTheSelectionOfOneMachine()
    {
        using TestCluster cluster = await TestCluster.CreateAsync(stores.Large);
        CliProcess[] workers = await cluster.JoinAsync(3);
        CliProcess selection = cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        workers[0].Signal("STOP");
        Assert.True(await cluster.AssertSameAsync(selection) >= 1, "The worker was stopped after it had answered.");
        workers[0].Signal("CONT");
        CliResult left = await workers[0].FinishAsync();
        Assert.Equal(1, left.ExitCode);
        Assert.Equal(
            $"tsds: Expected to stay a member of the cluster {cluster.Address}, found that its other members "
                + $"had given this worker up; start it again.",
            left.Error.Split('\n')[^2]
        );
    }

    [Fact]
    public async Task Select_OneWorkerCutOffFromTheOthers_IsTheSelectionOfOneMachine()
    {
        using NetworkSpaces? spaces = NetworkSpaces.TryCreate(3);
        Assert.SkipWhen(spaces is null, "Network namespaces need Linux and its CAP_NET_ADMIN.");
        using TestCluster cluster = await TestCluster.CreateAsync(
            stores.Large,
            "--bind",
            $"127.0.0.1 {NetworkSpaces.Bridge}",
            "--protected-mode",
            "no"
        );
        cluster.Address = cluster.Address.Replace("127.0.0.1", NetworkSpaces.Bridge, StringComparison.Ordinal);
        CliProcess[] workers = await Task.WhenAll(
            spaces!.Names.Select((space, i) => cluster.JoinInAsync(space, NetworkSpaces.AddressOf(i)))
        );
        CliProcess selection = cluster.StartSelection();
        await workers[2].WaitForErrorLineAsync(": neighbors of");

        // It hears neither the others nor the client nor Redis.
        spaces.CutOff(2);
        Assert.True(await cluster.AssertSameAsync(selection) >= 1, "The worker was cut off after it had answered.");
    }
}
