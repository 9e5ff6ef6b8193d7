namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// Keeps answers of a server back from one on, so that a process can be killed, or a file changed, while it waits.
/// </summary>
internal sealed class Hold
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _isHolding = New();
    private TaskCompletionSource _isReleased = New();
    private int? _left;

    /// <summary>Keeps back what comes after some more answers, until <see cref="Release"/>.</summary>
    /// <param name="answers">How many are sent before.</param>
    /// <returns>Ends when the first one is kept back.</returns>
    public Task After(int answers)
    {
        lock (_gate)
        {
            (_left, _isHolding, _isReleased) = (answers, New(), New());
            return _isHolding.Task;
        }
    }

    /// <summary>Sends what was kept back, and all that follows.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _left = null;
            _isReleased.TrySetResult();
        }
    }

    /// <summary>Waits if an answer is kept back.</summary>
    /// <param name="gone">Says that nobody waits for it any more.</param>
    public async Task PassAsync(CancellationToken gone)
    {
        Task released;
        lock (_gate)
        {
            if (_left is null || _left-- > 0)
            {
                return;
            }

            _isHolding.TrySetResult();
            released = _isReleased.Task;
        }

        await Task.WhenAny(released, Task.Delay(Timeout.Infinite, gone));
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
