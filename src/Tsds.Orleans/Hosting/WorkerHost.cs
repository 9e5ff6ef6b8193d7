using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tsds.Orleans.Wire;
using Tsds.Orleans.Workers;

namespace Tsds.Orleans.Hosting;

/// <summary>Runs a worker process.</summary>
internal static partial class WorkerHost
{
    /// <summary>The log message of a worker that has become a member.</summary>
    internal const string ReadyText = "ready: cluster";

    /// <summary>
    /// Joins the cluster and serves searches until it is cancelled. Logs are JSON lines on standard error.
    /// </summary>
    /// <param name="options">The worker.</param>
    /// <param name="cancellationToken">Leaves the cluster.</param>
    /// <exception cref="IOException">The cluster cannot be joined.</exception>
    /// <exception cref="InvalidDataException">A folder holds no vector store, a link leads out of it, or the cluster
    /// serves another store.</exception>
    public static async Task RunAsync(WorkerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        LocalStore store = LocalStore.Open(options.Folders);
        options = WithPorts(options);
        ClusterSetup setup = new(options.Cluster);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        setup.Configure(builder.Configuration);
        WorkerLog log = new();
        log.AddTo(builder.Logging);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new BlobStore(options.PointBytes));
        builder.Services.AddSingleton<WorkerMetrics>();
        builder.Services.AddSingleton<SearchFactory>();
        builder.Services.AddSingleton<SearchQueue>();
        builder.Services.AddPlacementDirector<WorkerPlacement, WorkerPlacementDirector>();
        Telemetry.AddTo(builder);

        builder.UseOrleans(silo => setup.Apply(silo, options));
        builder.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, FatalErrorHandler>());
        using IHost host = builder.Build();
        try
        {
            await setup.StartAsync(host, setup.JoinPatience * 1.5, cancellationToken).ConfigureAwait(false);
            await ServeAsync(host, options, store, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            log.End();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Serves searches until the worker is cancelled or given up, then leaves the cluster.</summary>
    private static async Task ServeAsync(
        IHost host,
        WorkerOptions options,
        LocalStore store,
        CancellationToken cancellationToken
    )
    {
        ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Tsds.Orleans.Worker");
        try
        {
            string address = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
            await CheckAgreementAsync(host, store, address).ConfigureAwait(false);
            using HealthEndpoint? health = options.HealthPort is { } port
                ? HealthEndpoint.Start(options.Bind, port)
                : null;
            LogReady(
                logger,
                options.Cluster.Address,
                options.Bind,
                options.SiloPort,
                options.GatewayPort,
                store.HeldShards,
                store.Manifest.Chunks.Count,
                store.Folder
            );
            Task stopped = host.WaitForShutdownAsync(CancellationToken.None);
            Task cancelled = Task.Delay(System.Threading.Timeout.Infinite, cancellationToken);
            if (await Task.WhenAny(stopped, cancelled).ConfigureAwait(false) == stopped)
            {
                throw new IOException(
                    $"Expected to stay a member of the cluster {options.Cluster.Address}, found that its "
                        + $"other members had given this worker up; start it again."
                );
            }
        }
        finally
        {
            using CancellationTokenSource patience = new(options.Cluster.Timeout);
            await host.StopAsync(patience.Token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Throws if another member serves a different store, so that a difference is found before anything is searched.
    /// </summary>
    private static async Task CheckAgreementAsync(IHost host, LocalStore store, string address)
    {
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();

        // The list that this member has read itself in order to join: to ask for it is a call that a busy machine may
        // answer too late.
        IEnumerable<string> members = host
            .Services.GetRequiredService<IClusterMembershipService>()
            .CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active)
            .Select(member => member.SiloAddress.ToParsableString());
        foreach (string other in members.Where(other => other != address))
        {
            IWorkerGrain worker = grains.GetGrain<IWorkerGrain>(other);
            WorkerStatus status;
            try
            {
                status = await worker.DescribeAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // A silent member cannot disagree.
                continue;
            }

            if (status.StoreId != store.Id)
            {
                throw await StoreMismatch
                    .DescribeAsync(worker, status, store.Manifest, store.Folder)
                    .ConfigureAwait(false);
            }
        }
    }

    private static WorkerOptions WithPorts(WorkerOptions options)
    {
        Queue<int> free = new(
            FreePorts.Find(options.Bind, new[] { options.SiloPort, options.GatewayPort }.Count(port => port == 0))
        );
        return options with
        {
            SiloPort = options.SiloPort == 0 ? free.Dequeue() : options.SiloPort,
            GatewayPort = options.GatewayPort == 0 ? free.Dequeue() : options.GatewayPort,
        };
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = ReadyText
            + " {Cluster}, {Address} ports {SiloPort} and {GatewayPort}, {Held} of {Shards} shards "
            + "of {Folder}"
    )]
    private static partial void LogReady(
        ILogger logger,
        ClusterAddress cluster,
        IPAddress address,
        int siloPort,
        int gatewayPort,
        int held,
        int shards,
        string folder
    );
}
