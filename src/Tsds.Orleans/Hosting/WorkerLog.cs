using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Tsds.Orleans.Hosting;

/// <summary>The log of a worker: JSON lines on standard error, until it is ended.</summary>
internal sealed class WorkerLog
{
    private volatile bool _ended;

    /// <summary>Sets up the log of a host that is being built.</summary>
    public void AddTo(ILoggingBuilder logging)
    {
        logging
            .AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = ("O", true))
            .SetMinimumLevel(LogLevel.Trace)
            .AddFilter((category, level) => !_ended && level >= LeastLevel(category));
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
    }

    /// <summary>
    /// Drops whatever is logged from now on. A host whose start was refused goes on in the background, and its logger
    /// writes even after its end: the last line of the process would be a log line in place of the reason.
    /// </summary>
    public void End() => _ended = true;

    private static LogLevel LeastLevel(string? category) =>
        category switch
        {
            null => LogLevel.Warning,
            _ when category.StartsWith("Tsds", StringComparison.Ordinal) => LogLevel.Information,
            _ when category.StartsWith("Orleans.Runtime.Silo", StringComparison.Ordinal) => LogLevel.Error,
            _ when category.StartsWith("Orleans.Runtime.Watchdog", StringComparison.Ordinal) => LogLevel.Error,
            _ => LogLevel.Warning,
        };
}
