using Microsoft.Extensions.Logging;
using Tsds.Orleans.Hosting;

namespace Tsds.Tests.Orleans;

/// <summary>The log of a worker: the levels that it takes, and its end.</summary>
public sealed class WorkerLogTests
{
    [Theory]
    [InlineData("Tsds.Orleans.Worker", LogLevel.Information)]
    [InlineData("Orleans.Runtime.MembershipService", LogLevel.Warning)]
    [InlineData("Orleans.Runtime.Silo", LogLevel.Error)]
    [InlineData("Orleans.Runtime.Watchdog", LogLevel.Error)]
    public void Log_UntilItsEnd_TakesWhatIsImportantEnough(string category, LogLevel least)
    {
        WorkerLog log = new();
        using ILoggerFactory factory = LoggerFactory.Create(log.AddTo);
        ILogger logger = factory.CreateLogger(category);
        Assert.True(logger.IsEnabled(least));
        Assert.False(logger.IsEnabled(least - 1));

        log.End();
        Assert.False(logger.IsEnabled(least));
        Assert.False(logger.IsEnabled(LogLevel.Critical));
    }
}
