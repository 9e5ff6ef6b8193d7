namespace Tsds.Data.Files;

/// <summary>Tries what a source did not do once more, each time after a longer pause.</summary>
internal sealed class SourceRetry
{
    private const int MostPauses = 6;

    /// <summary>Gets the number of tries without any progress before the last word.</summary>
    public int Tries { get; init; } = 8;

    /// <summary>Gets the first pause; each later one is twice as long, up to sixty-four times.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Gets the longest pause that a source can ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls until it succeeds.</summary>
    /// <param name="what">What is asked for, at the beginning of the message.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">It failed for good, or too often.</exception>
    public async Task<TResult> RunAsync<TResult>(
        string what,
        Func<Task<TResult>> call,
        CancellationToken cancellationToken
    )
    {
        for (int tried = 1; ; tried++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception exception) when (IsPassing(exception, cancellationToken))
            {
                await PauseAsync(what, tried, exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Determines whether the same call may succeed later.</summary>
    public static bool IsPassing(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception switch
        {
            SourceException source => source.IsPassing,
            FileNotFoundException or DirectoryNotFoundException => false,
            HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
            _ => false,
        };

    /// <summary>Waits before the next try, or says the last word.</summary>
    /// <param name="what">What is asked for.</param>
    /// <param name="tried">The number of tries in a row that failed.</param>
    /// <param name="exception">Why the last one did.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">It failed too often.</exception>
    public async Task PauseAsync(string what, int tried, Exception exception, CancellationToken cancellationToken)
    {
        if (tried >= Tries)
        {
            string reason = exception is OperationCanceledException ? "no answer in time" : exception.Message;
            throw new SourceException(
                $"{what}: expected an answer, found none in {Tries} tries ({reason.TrimEnd('.')}). What was read is "
                    + $"kept; run the same command again once the source answers.",
                exception
            );
        }

        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(tried - 1, MostPauses));
        if (exception is SourceException { After: { } after })
        {
            pause = after < LongestPause ? after : LongestPause;
        }

        await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
    }
}
