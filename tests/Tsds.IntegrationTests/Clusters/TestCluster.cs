using System.Globalization;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>
/// A Redis, and workers as they are asked for: all of them processes on loopback, or in network namespaces.
/// </summary>
internal sealed class TestCluster : IDisposable
{
    /// <summary>
    /// The timeout of workers, in seconds: one that is silent is given up by the others after half of it. Long enough
    /// for one that is there to answer, however busy the machine is, and no longer than tests can wait.
    /// </summary>
    private const string WorkerTimeout = "20";

    /// <summary>The timeout of clients, in seconds, in which they also must start and get a first answer.</summary>
    private const string ClientTimeout = "90";

    private readonly PreparedStore _store;
    private readonly List<CliProcess> _processes = [];

    private TestCluster(PreparedStore store, string[] redis)
    {
        _store = store;
        File.WriteAllText(Folder["secret.txt"], "a secret of more than sixteen characters\n");
        Redis = RedisServer.Start(Folder["redis"], redis);
    }

    public TestFolder Folder { get; } = new();

    public RedisServer Redis { get; }

    /// <summary>Gets or sets the address of the cluster.</summary>
    public string Address
    {
        get => field ?? string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Redis.Port}/test");
        set;
    }

    /// <summary>Gets variables of the environment of all processes from now on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    private string[] Member => ["--cluster", Address, "--cluster-secret", Folder["secret.txt"]];

    /// <summary>The folder has the same name everywhere, because it stands in the manifest.</summary>
    private string[] Worker =>
        ["worker", .. Member, "--timeout", WorkerTimeout, "--vectors", "store", "--threads", "1"];

    /// <summary>Prepares a cluster without workers, for a store that is made already or now.</summary>
    public static async Task<TestCluster> CreateAsync(Task<PreparedStore> store, params string[] redis) =>
        new(await store, redis);

    /// <summary>Starts workers and waits until they are members.</summary>
    public Task<CliProcess[]> JoinAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => JoinAsync()));

    /// <summary>Starts a worker and waits until it is a member.</summary>
    public Task<CliProcess> JoinAsync(params string[] more) => JoinAsync(StartWorker(more));

    /// <summary>Starts a worker that holds a copy and waits until it is a member.</summary>
    public Task<CliProcess> JoinWithAsync(string copy) => JoinAsync(StartWorkerWith(copy));

    /// <summary>Starts a worker in a network namespace and waits until it is a member.</summary>
    public Task<CliProcess> JoinInAsync(string space, string bind) =>
        JoinAsync(Keep(CliProcess.StartIn(space, _store.Folder.Root, [.. Worker, "--bind", bind])));

    /// <summary>Starts a worker that holds all of the store.</summary>
    public CliProcess StartWorker(params string[] more) =>
        Keep(CliProcess.Start(_store.Folder.Root, Variables, [.. Worker, .. more]));

    /// <summary>Starts a worker that holds a copy of a part of the store.</summary>
    public CliProcess StartWorkerWith(string copy) => Keep(CliProcess.Start(Path.GetDirectoryName(copy)!, Worker));

    /// <summary>Copies a part of the store to a place of its own.</summary>
    /// <returns>The copy.</returns>
    public string CopyStore(string place, Func<int, bool> holds) => _store.CopyTo(Folder[place], holds);

    /// <summary>Begins the selection on the cluster.</summary>
    public CliProcess StartSelection(string output = "cluster", params string[] more) =>
        Keep(
            CliProcess.Start(
                _store.Folder.Root,
                Variables,
                [
                    "select",
                    .. Member,
                    .. more.Contains("--timeout") ? [] : new[] { "--timeout", ClientTimeout },
                    .. _store.Selection,
                    "--out",
                    Folder[output],
                    "--json",
                    .. more,
                ]
            )
        );

    /// <summary>Waits for a selection, whose files must be those of one machine.</summary>
    /// <returns>How many shares of workers were searched again.</returns>
    public async Task<long> AssertSameAsync(CliProcess selection, string output = "cluster")
    {
        CliResult result = await selection.FinishAsync();
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        Bundle.AssertSame(_store.Folder["local"], Folder[output]);
        JsonNode cluster = result
            .Out.Split('\n')
            .Where(line => line.Length > 0)
            .Select(line => JsonNode.Parse(line)!)
            .Single(json => (string?)json["event"] == "cluster");
        return (long)cluster["retries"]!;
    }

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        Redis.Dispose();
        Folder.Dispose();
    }

    private static async Task<CliProcess> JoinAsync(CliProcess worker)
    {
        await worker.WaitForErrorLineAsync("ready: cluster");
        return worker;
    }

    private CliProcess Keep(CliProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
