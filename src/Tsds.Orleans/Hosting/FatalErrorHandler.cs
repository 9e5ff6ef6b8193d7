using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tsds.Orleans.Hosting;

/// <summary>
/// Stops a worker that cannot remain a member with a one-sentence message, instead of the crash dump of a process that
/// fails fast.
/// </summary>
internal sealed partial class FatalErrorHandler(IHostApplicationLifetime lifetime, ILogger<FatalErrorHandler> logger)
    : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        LogEnd(logger, context, exception);
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "leaving: {Context}")]
    private static partial void LogEnd(ILogger logger, string? context, Exception? exception);
}
