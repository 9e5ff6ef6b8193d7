using System.Diagnostics;
using Tsds.Orleans.Hosting;
using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Client;

/// <summary>The workers of a cluster and the sections they hold.</summary>
internal sealed class WorkerDirectory(IGrainFactory grains, ClusterOptions options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The time for which a list of workers is used. A selection asks for densities many times a second, and a worker
    /// that joins waits this long.
    /// </summary>
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);

    private IReadOnlyList<ClusterWorker> _known = [];
    private long _knownSince;

    /// <summary>Finds the workers, or returns those that were found a moment ago.</summary>
    /// <exception cref="IOException">No list of members is to be had within the timeout.</exception>
    public async Task<IReadOnlyList<ClusterWorker>> FindAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ClusterWorker> known = _known;
        if (known.Count == 0 || Stopwatch.GetElapsedTime(Interlocked.Read(ref _knownSince)) > Validity)
        {
            known = await AskAsync(cancellationToken).ConfigureAwait(false);
            Interlocked.Exchange(ref _knownSince, Stopwatch.GetTimestamp());
            _known = known;
        }

        return known;
    }

    /// <summary>Discards the list of workers, so that the next call asks again.</summary>
    public void Forget() => _known = [];

    /// <summary>Determines whether a worker is still a member; true while this cannot be determined.</summary>
    public async Task<bool> IsMemberAsync(ClusterWorker worker, CancellationToken cancellationToken)
    {
        try
        {
            return (await ListAsync(cancellationToken).ConfigureAwait(false)).Any(silo =>
                silo.ToParsableString() == worker.Address
            );
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            return true;
        }
    }

    /// <summary>Throws if the workers hold different stores.</summary>
    /// <exception cref="InvalidDataException">They do.</exception>
    public static async Task CheckAgreementAsync(IReadOnlyList<ClusterWorker> workers)
    {
        if (workers.FirstOrDefault(worker => worker.Status.StoreId != workers[0].Status.StoreId) is { } other)
        {
            using StoreSnapshot first = await StoreSnapshot
                .FetchAsync(workers[0].Grain, workers[0].Status)
                .ConfigureAwait(false);
            throw await StoreMismatch
                .DescribeAsync(
                    other.Grain,
                    other.Status,
                    Data.Store.StoreManifest.TryRead(first.Folder)!,
                    $"{workers[0].Status.Folder} of the worker {workers[0].Address}"
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>Asks all members for their status, omitting those that do not respond.</summary>
    private async Task<IReadOnlyList<ClusterWorker>> AskAsync(CancellationToken cancellationToken)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                IEnumerable<SiloAddress> members = await ListAsync(cancellationToken).ConfigureAwait(false);
                ClusterWorker?[] workers = await Task.WhenAll(members.Select(DescribeAsync))
                    .WaitAsync(cancellationToken)
                    .ConfigureAwait(false);
                ClusterWorker[] found = [.. workers.OfType<ClusterWorker>()];
                if (found.Length > 0)
                {
                    return found;
                }
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                if (Environment.TickCount64 - start > options.Timeout.TotalMilliseconds)
                {
                    throw new IOException(
                        $"Expected the cluster {options.Address} to answer, found no worker that does within "
                            + $"{options.Timeout.TotalSeconds:0} s; is a worker running?",
                        exception
                    );
                }
            }

            if (Environment.TickCount64 - start > options.Timeout.TotalMilliseconds)
            {
                throw new IOException(
                    $"Expected workers in the cluster {options.Address}, found none that answers within "
                        + $"{options.Timeout.TotalSeconds:0} s; start one with 'tsds worker'."
                );
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IEnumerable<SiloAddress>> ListAsync(CancellationToken cancellationToken)
    {
        IManagementGrain management = grains.GetGrain<IManagementGrain>(0);
        return (
            await management
                .GetHosts(onlyActive: true, cancellationToken)
                .WaitAsync(cancellationToken)
                .ConfigureAwait(false)
        ).Keys;
    }

    private async Task<ClusterWorker?> DescribeAsync(SiloAddress silo)
    {
        string address = silo.ToParsableString();
        IWorkerGrain grain = grains.GetGrain<IWorkerGrain>(address);
        try
        {
            return new ClusterWorker(address, grain, await grain.DescribeAsync().ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
