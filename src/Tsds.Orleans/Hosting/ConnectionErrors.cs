using StackExchange.Redis;
using Tsds.Orleans.Security;

namespace Tsds.Orleans.Hosting;

/// <summary>Describes in one sentence why a cluster cannot be reached.</summary>
internal static class ConnectionErrors
{
    public static Exception Of(Exception exception, ClusterOptions options, SecretHandshake handshake)
    {
        if (handshake.Refusal.IsCompletedSuccessfully)
        {
            return new IOException(handshake.Refusal.Result, exception);
        }

        Exception cause = exception;
        while (cause.InnerException is { } inner && cause is not RedisException)
        {
            cause = inner;
        }

        string found = cause switch
        {
            RedisException when IsAboutPassword(cause.Message) => "a Redis that wants another password",
            RedisException => "no Redis that answers",
            OperationCanceledException or TimeoutException =>
                $"no worker that answers within {options.Timeout.TotalSeconds:0} s",
            _ => cause.Message,
        };
        return new IOException(
            $"Expected the cluster {options.Address}, found {found.TrimEnd('.')}; is it running, and are "
                + $"secret, password and certificates those of the cluster?",
            exception
        );
    }

    /// <summary>Determines whether an error message of Redis concerns a wrong or missing password.</summary>
    private static bool IsAboutPassword(string message) =>
        message.Contains("NOAUTH", StringComparison.Ordinal) || message.Contains("WRONGPASS", StringComparison.Ordinal);
}
