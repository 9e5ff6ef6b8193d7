using System.Diagnostics;
using System.Globalization;

namespace Tsds.Data.Files;

/// <summary>Tries what a source did not do once more, each time after a longer pause.</summary>
internal sealed class SourceRetry
{
    private const int MostPauses = 6;

    /// <summary>The shortest time between two notices: many parts of a file are read at once.</summary>
    private static readonly TimeSpan NoticePause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _noticed;
    private volatile bool _hasAnswered;

    /// <summary>Gets the number of tries without any progress before the last word.</summary>
    public int Tries { get; init; } = 8;

    /// <summary>Gets the number of tries as long as no call has succeeded: an address may be mistyped.</summary>
    public int FirstTries { get; init; } = 4;

    /// <summary>Gets the receiver of a line about each pause, those of a second as one; null for none.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Gets the first pause; each later one is twice as long, up to sixty-four times.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Gets the longest pause that a source can ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls until it succeeds; a call that has made progress counts as the first one again.</summary>
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
                TResult result = await call().ConfigureAwait(false);
                HasAnswered();
                return result;
            }
            catch (Exception exception) when (IsPassing(exception, cancellationToken))
            {
                if (exception is SourceException { HasProgressed: true })
                {
                    HasAnswered();
                    tried = 1;
                }

                await PauseAsync(what, tried, exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Calls until it succeeds.</summary>
    /// <param name="what">What is asked for, at the beginning of the message.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">It failed for good, or too often.</exception>
    public Task RunAsync(string what, Func<Task> call, CancellationToken cancellationToken) =>
        RunAsync(
            what,
            async () =>
            {
                await call().ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Remembers that a source has answered: from now on trouble may pass.</summary>
    public void HasAnswered() => _hasAnswered = true;

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
        string reason = exception is OperationCanceledException ? "no answer in time" : exception.Message.TrimEnd('.');
        if (tried >= (_hasAnswered ? Tries : Math.Min(FirstTries, Tries)))
        {
            throw new SourceException(
                _hasAnswered
                    ? $"{what}: expected an answer, found none in {tried} tries ({reason}). What was read is kept; run "
                        + $"the same command again once the source answers."
                    : $"{what}: expected an answer, found none in {tried} tries ({reason}). Check the address, and run "
                        + $"the same command again once the source answers.",
                exception
            );
        }

        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(tried - 1, MostPauses));
        if (exception is SourceException { After: { } after })
        {
            pause = after < LongestPause ? after : LongestPause;
        }

        Say(what, reason, pause);
        await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
    }

    private void Say(string what, string reason, TimeSpan pause)
    {
        lock (_gate)
        {
            if (Notice is null || (_noticed != 0 && Stopwatch.GetElapsedTime(_noticed) < NoticePause))
            {
                return;
            }

            _noticed = Stopwatch.GetTimestamp();
        }

        Notice(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {reason}; trying again in {pause.TotalSeconds:0.##} s"
            )
        );
    }
}
