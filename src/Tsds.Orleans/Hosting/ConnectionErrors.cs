using StackExchange.Redis;
using Tsds.Orleans.Security;

namespace Tsds.Orleans.Hosting;

/// <summary>Why a cluster cannot be reached, in one sentence.</summary>
internal static class ConnectionErrors
{
    public static Exception Of(Exception exception, ClusterOptions options, SecretHandshake handshake)
    {
        if (handshake.Problem is { } problem)
        {
            return new IOException(problem, exception);
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
                $"nobody who answers within {options.Timeout.TotalSeconds:0} s",
            _ => cause.Message,
        };
        return new IOException(
            $"Expected the cluster {options.Address}, found {found.TrimEnd('.')}; is it running, and are "
                + $"secret, password and certificates those of the cluster?",
            exception
        );
    }

    /// <summary>Whether Redis refused a password, or the lack of one, in the words of its protocol.</summary>
    private static bool IsAboutPassword(string message) =>
        message.Contains("NOAUTH", StringComparison.Ordinal) || message.Contains("WRONGPASS", StringComparison.Ordinal);
}
