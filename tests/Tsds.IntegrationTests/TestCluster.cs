using System.Globalization;

namespace Tsds.IntegrationTests;

/// <summary>A vector store, the selection from it on one machine, a Redis, and workers as they are asked for: all of them processes on loopback.</summary>
internal sealed class TestCluster : IDisposable
{
    /// <summary>A silent worker is waited for so long, in seconds.</summary>
    public const string Timeout = "12";

    private static readonly string[] Selection = ["--target", "targets.jsonl", "--budget", "40"];

    private readonly List<CliProcess> _workers = [];

    public TestFolder Folder { get; } = new();

    public RedisServer? Redis { get; private set; }

    /// <summary>Gets the address of the cluster.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Redis!.Port}/test");

    private string[] Member => ["--cluster", Address, "--cluster-secret", Folder["secret.txt"], "--timeout", Timeout];

    /// <summary>Writes a store of three shards and selects from it on this machine.</summary>
    public async Task PrepareAsync(params string[] redis)
    {
        Redis = RedisServer.Start(Folder["redis"], redis);
        File.WriteAllText(Folder["secret.txt"], "a secret of more than sixteen characters\n");
        KilledRuns.WritePool(Folder["pool.jsonl"]);
        File.WriteAllLines(Folder["targets.jsonl"], File.ReadLines(Folder["pool.jsonl"]).Where((_, row) => row % 90 == 17));
        await SucceedAsync("embed", "--pool", "pool.jsonl", "--out", "store");
        await SucceedAsync(["select", "--pool-vectors", "store", .. Selection, "--out", "local"]);
    }

    /// <summary>Starts a worker and waits until it is a member.</summary>
    public async Task<CliProcess> JoinAsync(string place = "", params string[] more)
    {
        CliProcess worker = StartWorker(place, more);
        await worker.WaitForErrorLineAsync("ready: cluster");
        Assert.False(worker.HasExited, "The worker did not become a member.");
        return worker;
    }

    /// <summary>Starts a worker that holds the folder <c>store</c> of a place.</summary>
    public CliProcess StartWorker(string place = "", params string[] more)
    {
        CliProcess worker = CliProcess.Start(Folder[place], ["worker", .. Member, "--vectors", "store", "--threads", "1", .. more]);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Starts a worker in a network namespace and waits until it is a member.</summary>
    public async Task<CliProcess> JoinSpaceAsync(string space, string address, string redisHost)
    {
        string cluster = Address.Replace("127.0.0.1", redisHost, StringComparison.Ordinal);
        CliProcess worker = CliProcess.StartIn(
            space, Folder.Root, "worker", "--cluster", cluster, "--cluster-secret", Folder["secret.txt"], "--timeout", Timeout, "--vectors", "store", "--threads", "1", "--bind", address);
        _workers.Add(worker);
        await worker.WaitForErrorLineAsync("ready: cluster");
        Assert.False(worker.HasExited, "The worker did not become a member.");
        return worker;
    }

    /// <summary>Begins the selection on the cluster.</summary>
    public CliProcess StartSelection(string output = "cluster", params string[] more) =>
        CliProcess.Start(Folder.Root, ["select", .. Member, .. Selection, "--out", output, .. more]);

    /// <summary>Waits for a selection, whose output must be that of one machine.</summary>
    public async Task<CliResult> AssertSameAsync(CliProcess selection, string output = "cluster")
    {
        CliResult result = await selection.FinishAsync();
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error.Split('\n')[^2]);
        Bundle.AssertSame(Folder["local"], Folder[output]);
        return result;
    }

    /// <summary>Copies a part of the store, with its manifest and fit, to a place of its own.</summary>
    /// <returns>The copy.</returns>
    public string CopyStore(string place, Func<int, bool> holds)
    {
        string copy = Path.Combine(Folder[place], "store");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Folder["store"]))
        {
            string fileName = Path.GetFileName(file);
            bool isShard = fileName.EndsWith(".npy", StringComparison.Ordinal);
            if (!isShard || holds(int.Parse(fileName[..6], CultureInfo.InvariantCulture)))
            {
                File.Copy(file, Path.Combine(copy, fileName));
            }
        }

        return copy;
    }

    public async Task<CliResult> RunAsync(params string[] arguments) => await CliProcess.RunAsync(Folder.Root, arguments);

    public async Task SucceedAsync(params string[] arguments)
    {
        CliResult result = await RunAsync(arguments);
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
    }

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Dispose());
        Redis?.Dispose();
        Folder.Dispose();
    }
}
