using System.Globalization;
using System.Net;

namespace Tsds.Orleans;

/// <summary>The location of a cluster's membership table.</summary>
public sealed record ClusterAddress
{
    private ClusterAddress(ClusterKind kind, string host, int port, string name)
    {
        Kind = kind;
        Host = host;
        Port = port;
        Name = name;
    }

    /// <summary>Gets the kind of membership table.</summary>
    internal ClusterKind Kind { get; }

    /// <summary>
    /// Gets the host of Redis, or the address of the first silo; for <see cref="ClusterKind.File"/> the path.
    /// </summary>
    internal string Host { get; }

    /// <summary>Gets the port; for <see cref="ClusterKind.Local"/> the number of workers.</summary>
    internal int Port { get; }

    /// <summary>Gets the name of the cluster, which distinguishes it from others in the same place.</summary>
    internal string Name { get; }

    /// <summary>Gets a value indicating whether connections to Redis use TLS.</summary>
    internal bool IsTls { get; private init; }

    /// <summary>
    /// Parses <c>redis://HOST:PORT/NAME</c>, <c>rediss://HOST:PORT/NAME</c> (TLS), <c>primary://ADDRESS:PORT/NAME</c>,
    /// <c>local:N</c>, or <c>FILE.json</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The address; no connection is made.</returns>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static ClusterAddress Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text.StartsWith("local:", StringComparison.Ordinal))
        {
            return
                int.TryParse(text["local:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int workers)
                && workers is >= 1 and <= 64
                ? new ClusterAddress(ClusterKind.Local, "127.0.0.1", workers, "local")
                : throw Wrong(text);
        }

        if (text.EndsWith(".json", StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal))
        {
            return new ClusterAddress(ClusterKind.File, text, 0, "");
        }

        if (
            !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || uri.UserInfo.Length > 0
            || uri.Query.Length > 0
            || uri.Segments.Length != 2
            || uri.Segments[1].EndsWith('/')
        )
        {
            throw Wrong(text);
        }

        return uri.Scheme switch
        {
            "redis" or "rediss" => new ClusterAddress(
                ClusterKind.Redis,
                uri.Host,
                uri.Port > 0 ? uri.Port : 6379,
                uri.Segments[1]
            )
            {
                IsTls = uri.Scheme == "rediss",
            },
            "primary" when IPAddress.TryParse(uri.Host, out _) && uri.Port > 0 => new ClusterAddress(
                ClusterKind.Primary,
                uri.Host,
                uri.Port,
                uri.Segments[1]
            ),
            _ => throw Wrong(text),
        };
    }

    /// <summary>Returns the address as it was given.</summary>
    /// <returns>The text that <see cref="Parse"/> reads.</returns>
    public override string ToString() =>
        Kind switch
        {
            ClusterKind.Local => string.Create(CultureInfo.InvariantCulture, $"local:{Port}"),
            ClusterKind.File => Host,
            ClusterKind.Primary => string.Create(CultureInfo.InvariantCulture, $"primary://{Host}:{Port}/{Name}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"redis{(IsTls ? "s" : "")}://{Host}:{Port}/{Name}"),
        };

    private static ArgumentException Wrong(string text) =>
        new(
            $"Expected a cluster such as redis://HOST:PORT/NAME, rediss://HOST:PORT/NAME, local:3 or "
                + $"FILE.json, found '{text}'; a password is given in the variable "
                + $"{ClusterOptions.RedisPasswordVariable}."
        );
}
