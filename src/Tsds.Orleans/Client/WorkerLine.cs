using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Client;

/// <summary>
/// The calls to one worker, each repeated until the worker responds or is known to be lost.
/// </summary>
internal sealed class WorkerLine(ClusterWorker worker, WorkerDirectory directory, TimeSpan timeout)
{
    /// <summary>The pause between a failed call and the next attempt.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets the worker that is called.</summary>
    public ClusterWorker Worker => worker;

    /// <summary>
    /// Repeats a call until the worker responds, is no longer a member, or has been silent for the longest time
    /// allowed.
    /// </summary>
    /// <remarks>
    /// A call that fails says nothing about the worker: it may have been routed through another one, which is silent or
    /// has left.
    /// </remarks>
    public async Task<T> PersistAsync<T>(Func<IWorkerGrain, Task<T>> ask, CancellationToken cancellationToken)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await ask(worker.Grain).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                if (
                    Environment.TickCount64 - start > timeout.TotalMilliseconds
                    || !await directory.IsMemberAsync(worker, cancellationToken).ConfigureAwait(false)
                )
                {
                    throw new WorkerLostException();
                }

                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Repeats a call that returns nothing.</summary>
    /// <exception cref="WorkerLostException">The worker is lost.</exception>
    public Task<bool> PersistAsync(Func<IWorkerGrain, Task> ask, CancellationToken cancellationToken) =>
        PersistAsync(
            async grain =>
            {
                await ask(grain).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );
}
