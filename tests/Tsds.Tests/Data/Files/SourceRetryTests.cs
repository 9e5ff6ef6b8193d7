using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class SourceRetryTests
{
    private readonly List<string> _said = [];

    [Fact]
    public async Task RunAsync_AddressThatNeverAnswered_IsTriedFourTimesAndSaysSo()
    {
        SourceRetry retry = Create();
        SourceException error = await Assert.ThrowsAsync<SourceException>(() => RunAsync(retry, failures: 100));
        Assert.Contains("https://host/file: expected an answer, found none in 4 tries (no route)", error.Message);
        Assert.Contains("Check the address", error.Message, StringComparison.Ordinal);
        Assert.Equal("https://host/file: no route; trying again in 0 s", Assert.Single(_said));
    }

    [Fact]
    public async Task RunAsync_AddressThatAnsweredBefore_IsTriedAsOftenAsAsked()
    {
        SourceRetry retry = Create();
        Assert.Equal(4, await RunAsync(retry, failures: 3));
        Assert.Equal(8, await RunAsync(retry, failures: 7));
        SourceException error = await Assert.ThrowsAsync<SourceException>(() => RunAsync(retry, failures: 8));
        Assert.Contains("in 8 tries", error.Message, StringComparison.Ordinal);
        Assert.Contains("What was read is kept", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CallsThatMakeProgress_GoOn()
    {
        SourceRetry retry = Create();
        Assert.Equal(21, await RunAsync(retry, failures: 20, hasProgressed: true));
        Assert.Equal(8, await RunAsync(retry, failures: 7));
    }

    private SourceRetry Create() => new() { FirstPause = TimeSpan.Zero, Notice = _said.Add };

    private static Task<int> RunAsync(SourceRetry retry, int failures, bool hasProgressed = false)
    {
        int calls = 0;
        return retry.RunAsync(
            "https://host/file",
            () =>
                ++calls > failures
                    ? Task.FromResult(calls)
                    : throw new SourceException("no route.") { IsPassing = true, HasProgressed = hasProgressed },
            TestContext.Current.CancellationToken
        );
    }
}
