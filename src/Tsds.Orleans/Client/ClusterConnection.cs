using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tsds.Data.Store;
using Tsds.Orleans.Hosting;

namespace Tsds.Orleans.Client;

/// <summary>A client connection to a cluster, which opens the pool that the workers hold.</summary>
public sealed class ClusterConnection : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly StoreSnapshot _store;
    private readonly StoreManifest _manifest;
    private readonly WorkerDirectory _directory;
    private readonly ClusterOptions _options;

    private ClusterConnection(
        IHost host,
        StoreSnapshot store,
        WorkerDirectory directory,
        ClusterOptions options,
        string folder,
        int workers
    )
    {
        _host = host;
        _store = store;
        _manifest = StoreManifest.TryRead(store.Folder)!;
        _directory = directory;
        _options = options;
        Folder = folder;
        WorkerCount = workers;
    }

    /// <summary>
    /// Gets a folder with the manifest of the cluster's vector store and its embedder's fit, but no vectors; deleted at
    /// the end.
    /// </summary>
    public string StoreFolder => _store.Folder;

    /// <summary>Gets the folder of the vector store, as its workers name it.</summary>
    public string Folder { get; }

    /// <summary>Gets the number of workers that were there at the beginning.</summary>
    public int WorkerCount { get; }

    /// <summary>Gets the counts of what was sent and received.</summary>
    internal ClusterTraffic Traffic { get; } = new();

    /// <summary>Connects to a cluster.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="gateways">Where its members listen for clients, if they keep the list of members in memory; else
    /// null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The connection, once a worker has answered.</returns>
    /// <exception cref="IOException">No worker responds, or none accepts this client.</exception>
    /// <exception cref="InvalidDataException">The workers hold different stores.</exception>
    public static async Task<ClusterConnection> OpenAsync(
        ClusterOptions options,
        IReadOnlyList<IPEndPoint>? gateways = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ClusterSetup setup = new(options);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        setup.Configure(builder.Configuration);
        Telemetry.AddTo(builder);

        // Silence begins with an attempt that fails: what this process needs for its own start is none of it.
        long? silentSince = null;
        builder.UseOrleansClient(client =>
        {
            setup.Apply(client, gateways ?? []);
            client.UseConnectionRetryFilter(
                async (_, token) =>
                {
                    silentSince ??= Stopwatch.GetTimestamp();
                    await Task.Delay(TimeSpan.FromMilliseconds(200), token).ConfigureAwait(false);
                    return Stopwatch.GetElapsedTime(silentSince.Value) < options.Timeout;
                }
            );
        });
        IHost host = builder.Build();
        try
        {
            await setup.StartAsync(host, options.Timeout * 1.5, cancellationToken).ConfigureAwait(false);
            long start = Stopwatch.GetTimestamp();
            WorkerDirectory directory = new(host.Services.GetRequiredService<IClusterClient>(), options);
            IReadOnlyList<ClusterWorker> workers = await directory.FindAsync(cancellationToken).ConfigureAwait(false);

            // Workers that were just started are waited for, as long as one is.
            while (workers.Count < gateways?.Count && Stopwatch.GetElapsedTime(start) < options.Timeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false);
                directory.Forget();
                workers = await directory.FindAsync(cancellationToken).ConfigureAwait(false);
            }

            await WorkerDirectory.CheckAgreementAsync(workers).ConfigureAwait(false);
            StoreSnapshot store = await StoreSnapshot
                .FetchAsync(workers[0].Grain, workers[0].Status)
                .ConfigureAwait(false);
            return new ClusterConnection(host, store, directory, options, workers[0].Status.Folder, workers.Count);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Gets the pool of the cluster.</summary>
    /// <param name="normalization">What is done to its embeddings.</param>
    /// <returns>The pool; usable until this is disposed.</returns>
    public ICandidatePool OpenPool(Normalization normalization) =>
        new ClusterPool(_directory, _manifest, normalization, _options, Traffic);

    /// <summary>Disconnects from the cluster.</summary>
    /// <returns>A task that ends with the connection.</returns>
    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        Traffic.Dispose();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
        try
        {
            await _host.StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A member that does not answer the farewell is left alone.
        }

        _host.Dispose();
    }
}
