using System.Reflection;
using Tsds.Cli.Output;
using Tsds.Jobs.Inputs;
using Tsds.Orleans;
using Tsds.Orleans.Client;

namespace Tsds.Cli.Commands;

/// <summary>A connection to the cluster that searches the pool of a job.</summary>
internal sealed class ClusterSession : IAsyncDisposable
{
    private readonly LocalCluster? _local;
    private readonly ClusterConnection _connection;

    private ClusterSession(LocalCluster? local, ClusterConnection connection, SelectionJobOptions job)
    {
        _local = local;
        _connection = connection;
        Job = job;
    }

    /// <summary>Gets the job with the cluster's pool in place of one that is opened here.</summary>
    public SelectionJobOptions Job { get; }

    public int WorkerCount => _connection.WorkerCount;

    public ClusterTraffic Traffic => _connection.Traffic;

    /// <summary>Gets in a few words who searched and what travelled.</summary>
    public string Note =>
        $"{Quantity.Of(WorkerCount, "worker")}, {Quantity.Bytes(Traffic.SentBytes)} sent, "
        + $"{Quantity.Bytes(Traffic.ReceivedBytes)} received"
        + (Traffic.Retries > 0 ? $", {Quantity.Of(Traffic.Retries, "share")} searched again" : "");

    /// <summary>Connects to a cluster, after starting it if it is a local one.</summary>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="IOException">The cluster does not answer.</exception>
    public static async Task<ClusterSession> OpenAsync(
        ClusterOptions options,
        SelectionJobOptions job,
        CancellationToken cancellationToken
    )
    {
        LocalCluster? local =
            options.Address.Kind == ClusterKind.Local
                ? await LocalCluster
                    .StartAsync(
                        Command(),
                        options.Address.Port,
                        StoreOf(job),
                        job.ThreadCount,
                        options.Timeout,
                        cancellationToken
                    )
                    .ConfigureAwait(false)
                : null;
        try
        {
            if (local is null && job.Spec.PoolVectors.Count > 0)
            {
                throw new ArgumentException(
                    "--cluster says where the pool's vectors are, and so does --pool-vectors; leave one of them out."
                );
            }

            ClusterConnection connection = await ClusterConnection
                .OpenAsync(local?.Options ?? options, local?.Gateways, cancellationToken)
                .ConfigureAwait(false);
            Dictionary<string, IReadOnlyList<string>> configuration = new(job.Configuration)
            {
                ["pool-vectors"] = [connection.Folder],
            };
            return new ClusterSession(
                local,
                connection,
                job with
                {
                    Spec = job.Spec with { PoolVectors = [connection.Folder] },
                    ServedPool = connection.OpenPool(job.Spec.Normalization),
                    ServedStore = connection.StoreFolder,
                    Configuration = configuration,
                }
            );
        }
        catch
        {
            local?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _local?.Dispose();
    }

    private static string StoreOf(SelectionJobOptions job) =>
        job.Spec.PoolVectors is [{ } folder] && Directory.Exists(folder)
            ? folder
            : throw new ArgumentException(
                "--cluster local:N needs a vector store that its workers can hold: write it with 'tsds "
                    + "embed' and name its folder with --pool-vectors."
            );

    /// <summary>
    /// Returns the command that started this program: its own name, or the runtime with the assembly.
    /// </summary>
    private static string[] Command()
    {
        string program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Assembly.GetEntryAssembly()!.Location]
            : [program];
    }
}
