namespace Tsds.IntegrationTests;

/// <summary>A selection on a cluster, while what can happen to one happens: the same bytes as on one machine, or one clear sentence.</summary>
[Collection("cluster")]
public sealed class ClusterTests : IDisposable
{
    private readonly TestCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Select_ThreeWorkersOfWhichTwoAreKilledWhileTheySearch_IsTheSelectionOfOneMachine()
    {
        await _cluster.PrepareAsync();
        CliProcess[] workers = await Task.WhenAll(_cluster.JoinAsync(), _cluster.JoinAsync(), _cluster.JoinAsync());
        using CliProcess selection = _cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        workers[0].Signal("KILL");
        await workers[1].WaitForErrorLineAsync(": density of");
        workers[1].Signal("KILL");
        await _cluster.AssertSameAsync(selection);
    }

    [Fact]
    public async Task Select_LocalCluster_IsTheSelectionOfOneMachineAndLeavesNoWorkerBehind()
    {
        await _cluster.PrepareAsync();
        CliResult result = await _cluster.RunAsync(
            "select", "--cluster", "local:3", "--pool-vectors", "store", "--target", "targets.jsonl", "--budget", "40", "--out", "cluster");
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Assert.Contains("cluster: 3 workers", result.Error, StringComparison.Ordinal);
        Bundle.AssertSame(_cluster.Folder["local"], _cluster.Folder["cluster"]);
    }

    [Fact]
    public async Task Select_WorkerStoppedForLongerThanTheTimeout_IsTheSelectionOfOneMachine()
    {
        await _cluster.PrepareAsync();
        CliProcess[] workers = await Task.WhenAll(_cluster.JoinAsync(), _cluster.JoinAsync(), _cluster.JoinAsync());
        using CliProcess selection = _cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        workers[0].Signal("STOP");
        await _cluster.AssertSameAsync(selection);
        workers[0].Signal("CONT");
        CliResult left = await workers[0].FinishAsync();
        Assert.NotEqual(0, left.ExitCode);
    }

    [Fact]
    public async Task Select_RedisRestartedMeanwhile_IsTheSelectionOfOneMachine()
    {
        await _cluster.PrepareAsync();
        CliProcess[] workers = await Task.WhenAll(_cluster.JoinAsync(), _cluster.JoinAsync());
        using CliProcess selection = _cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        _cluster.Redis!.Restart();
        await _cluster.AssertSameAsync(selection);
        using CliProcess again = _cluster.StartSelection("again");
        await _cluster.AssertSameAsync(again, "again");
    }

    [Fact]
    public async Task Select_WorkerWithTheRestJoinsLate_WaitsForItAndIsTheSelectionOfOneMachine()
    {
        await _cluster.PrepareAsync();
        _cluster.CopyStore("early", shard => shard < 2);
        _cluster.CopyStore("late", shard => shard == 2);
        await _cluster.JoinAsync("early");
        using CliProcess selection = _cluster.StartSelection();
        await selection.WaitForErrorLineAsync("neighbors: started");
        await _cluster.JoinAsync("late");
        await _cluster.AssertSameAsync(selection);
    }

    [Fact]
    public async Task Select_NobodyHoldsAShard_SaysWhichWithinTheTimeout()
    {
        await _cluster.PrepareAsync();
        _cluster.CopyStore("early", shard => shard < 2);
        await _cluster.JoinAsync("early");
        using CliProcess selection = _cluster.StartSelection();
        CliResult result = await selection.FinishAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Expected a worker with shards 2 to 2 of the vector store, found none among 1 within {TestCluster.Timeout} s", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_DamagedShard_IsSearchedElsewhereOrNamed()
    {
        await _cluster.PrepareAsync();
        string damaged = Directory.GetFiles(_cluster.CopyStore("damaged", _ => true), "000001-*.npy").Single();
        byte[] bytes = File.ReadAllBytes(damaged);
        bytes[^1] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        await _cluster.JoinAsync("damaged");
        using CliProcess alone = _cluster.StartSelection("alone");
        CliResult named = await alone.FinishAsync();
        Assert.Equal(1, named.ExitCode);
        Assert.Contains($"No worker can search shards 1 to 1 of the vector store: Expected the vectors in {damaged} as they were written", named.Error, StringComparison.Ordinal);

        await _cluster.JoinAsync();
        using CliProcess selection = _cluster.StartSelection();
        await _cluster.AssertSameAsync(selection);
    }

    [Fact]
    public async Task Worker_AnotherHashOfAShard_IsRefusedAndBothAreNamed()
    {
        await _cluster.PrepareAsync();
        string other = Path.Combine(_cluster.CopyStore("other", _ => true), "manifest.json");
        string manifest = File.ReadAllText(other);
        int hash = manifest.IndexOf("\"sha256\": \"", StringComparison.Ordinal) + "\"sha256\": \"".Length;
        File.WriteAllText(other, manifest[..hash] + new string('0', 64) + manifest[(hash + 64)..]);
        await _cluster.JoinAsync();
        CliResult refused = await _cluster.StartWorker("other").FinishAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Expected all workers to hold the same vector store, found that shard 0 is", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"with SHA-256 {new string('0', 64)} in store", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_ClientKilledAndRunAgain_IsTheSelectionOfOneMachine()
    {
        await _cluster.PrepareAsync();
        CliProcess[] workers = await Task.WhenAll(_cluster.JoinAsync(), _cluster.JoinAsync());
        using CliProcess killed = _cluster.StartSelection();
        await workers[0].WaitForErrorLineAsync(": neighbors of");
        killed.Signal("KILL");
        await killed.FinishAsync();
        using CliProcess again = _cluster.StartSelection();
        await _cluster.AssertSameAsync(again);
    }
}
