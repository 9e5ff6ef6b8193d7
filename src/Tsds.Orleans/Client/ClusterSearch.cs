using Tsds.Orleans.Workers;

namespace Tsds.Orleans.Client;

/// <summary>
/// Deals the sections of a vector store to the workers that hold them, and deals again what a lost worker left.
/// </summary>
/// <param name="directory">Finds the workers.</param>
/// <param name="sections">The sections of the store.</param>
/// <param name="options">How long a silent worker is waited for.</param>
/// <param name="traffic">Counts what was searched again.</param>
internal sealed class ClusterSearch(
    WorkerDirectory directory,
    IReadOnlyList<Section> sections,
    ClusterOptions options,
    ClusterTraffic traffic
)
{
    /// <summary>The number of consecutive rounds in which all searching workers may be lost.</summary>
    private const int MostFruitlessRounds = 3;

    /// <summary>Searches all sections, each once, on the workers that are available.</summary>
    /// <param name="call">What is searched for, and what is done with the answers.</param>
    /// <param name="progress">Receives the rows searched so far; may be null.</param>
    /// <param name="cancellationToken">Stops the workers.</param>
    /// <exception cref="IOException">No worker holds a section, or all that searched were lost.</exception>
    /// <exception cref="InvalidDataException">All who hold a section refuse it.</exception>
    public async Task RunAsync(ClusterCall call, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using SemaphoreSlim fetching = new(1);
        SortedSet<int> open = [.. Enumerable.Range(0, sections.Count)];
        Dictionary<int, string> reasons = [];
        HashSet<(string Worker, int Section)> refused = [];
        int fruitless = 0;
        long rowsDone = 0;
        long lastChange = Environment.TickCount64;
        while (open.Count > 0)
        {
            IReadOnlyList<ClusterWorker> workers = await directory.FindAsync(cancellationToken).ConfigureAwait(false);
            await WorkerDirectory.CheckAgreementAsync(workers).ConfigureAwait(false);
            (Dictionary<ClusterWorker, List<int>> shares, List<int> orphans) = WorkShares.Deal(
                [.. sections.Select(section => section.Rows)],
                open,
                workers,
                (worker, section) =>
                    Array.BinarySearch(worker.Status.Sections, section) >= 0
                    && !refused.Contains((worker.Address, section))
            );
            if (shares.Count == 0)
            {
                await WaitForHolderAsync(orphans, workers, reasons, refused, lastChange, cancellationToken)
                    .ConfigureAwait(false);
                continue;
            }

            WorkerShare[] running =
            [
                .. shares.Select(share => new WorkerShare(
                    new WorkerLine(share.Key, directory, options.Timeout),
                    call,
                    share.Value,
                    fetching,
                    traffic
                )),
            ];
            long before = rowsDone;
            ShareOutcome[] outcomes = await RunSharesAsync(
                    running,
                    () => progress?.Report(before + running.Sum(share => share.Rows)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            foreach (ShareOutcome outcome in outcomes)
            {
                open.ExceptWith(outcome.Done);
                rowsDone += outcome.Done.Sum(section => sections[section].Rows);
                foreach ((int section, string reason) in outcome.Refused)
                {
                    refused.Add((outcome.Worker.Address, section));
                    reasons[section] = reason;
                }

                if (outcome.IsLost || outcome.Refused.Count > 0)
                {
                    directory.Forget();
                    traffic.Retried();
                }
            }

            // A worker that was lost and responds again may only have been unreachable; this is allowed a limited
            // number of times.
            fruitless = Array.TrueForAll(outcomes, outcome => outcome.IsLost) ? fruitless + 1 : 0;
            if (fruitless == MostFruitlessRounds)
            {
                throw new IOException(
                    $"Expected the workers of the cluster {options.Address} to search to the end, found all "
                        + $"{outcomes.Length} that searched lost, {fruitless} times in a row; their logs say why."
                );
            }

            lastChange = Environment.TickCount64;
        }

        progress?.Report(sections.Sum(section => section.Rows));
    }

    /// <summary>Asks the workers that hold a section one after the other, until one answers.</summary>
    /// <param name="section">The number of the section.</param>
    /// <param name="ask">Asks one worker.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The first answer.</returns>
    /// <exception cref="IOException">No worker holds the section.</exception>
    /// <exception cref="InvalidDataException">All who hold it refuse it.</exception>
    public async Task<T> AskHolderAsync<T>(
        int section,
        Func<ClusterWorker, Task<T>> ask,
        CancellationToken cancellationToken
    )
        where T : class
    {
        Dictionary<int, string> reasons = [];
        HashSet<(string Worker, int Section)> refused = [];
        long start = Environment.TickCount64;
        while (true)
        {
            IReadOnlyList<ClusterWorker> workers = await directory.FindAsync(cancellationToken).ConfigureAwait(false);
            foreach (
                ClusterWorker worker in workers.Where(worker =>
                    Array.BinarySearch(worker.Status.Sections, section) >= 0
                )
            )
            {
                try
                {
                    return await ask(worker).WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (InvalidDataException exception)
                {
                    reasons[section] = exception.Message;
                    refused.Add((worker.Address, section));
                }
                catch (Exception exception)
                    when (exception is TimeoutException or global::Orleans.Runtime.OrleansException)
                {
                    // Busy or gone; another one may hold the section.
                }
            }

            await WaitForHolderAsync([section], workers, reasons, refused, start, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static async Task<ShareOutcome[]> RunSharesAsync(
        WorkerShare[] shares,
        Action report,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ShareOutcome>[] running = [.. shares.Select(share => share.RunAsync(report, stop.Token))];
        try
        {
            return await Task.WhenAll(running).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Waits for a worker that holds the missing sections, in case one is restarting, as long as for a silent worker.
    /// </summary>
    /// <exception cref="IOException">None came.</exception>
    /// <exception cref="InvalidDataException">All who hold a section refuse it.</exception>
    private async Task WaitForHolderAsync(
        List<int> orphans,
        IReadOnlyList<ClusterWorker> workers,
        Dictionary<int, string> reasons,
        HashSet<(string Worker, int Section)> refused,
        long lastChange,
        CancellationToken cancellationToken
    )
    {
        int first = orphans[0];
        Section section = sections[first];
        string what = $"shards {section.FirstShard} to {section.EndShard - 1}";
        if (
            reasons.TryGetValue(first, out string? reason)
            && workers.All(worker =>
                Array.BinarySearch(worker.Status.Sections, first) < 0 || refused.Contains((worker.Address, first))
            )
        )
        {
            throw new InvalidDataException($"No worker can search {what} of the vector store: {reason}");
        }

        if (Environment.TickCount64 - lastChange > options.Timeout.TotalMilliseconds)
        {
            throw new IOException(
                $"Expected a worker with {what} of the vector store, found none among {workers.Count} within "
                    + $"{options.Timeout.TotalSeconds:0} s; start one with 'tsds worker' where they lie."
            );
        }

        directory.Forget();
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken).ConfigureAwait(false);
    }
}
