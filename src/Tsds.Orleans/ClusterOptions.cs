namespace Tsds.Orleans;

/// <summary>The settings of members and clients of a cluster.</summary>
public sealed record ClusterOptions
{
    /// <summary>The name of the environment variable that holds the cluster's secret.</summary>
    public const string SecretVariable = "TSDS_CLUSTER_SECRET";

    /// <summary>The name of the environment variable that holds the password of Redis.</summary>
    public const string RedisPasswordVariable = "TSDS_REDIS_PASSWORD";

    /// <summary>Gets the address of the cluster.</summary>
    public required ClusterAddress Address { get; init; }

    /// <summary>Gets the secret that all members and clients share; connections without it are refused.</summary>
    /// <value>At least 16 characters.</value>
    /// <exception cref="ArgumentException">It is shorter.</exception>
    public required string Secret
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Secret));
            field =
                value.Length >= 16
                    ? value
                    : throw new ArgumentException(
                        $"Expected a cluster secret of at least 16 characters, found {value.Length}; make "
                            + $"one with 'openssl rand -hex 32'."
                    );
        }
    }

    /// <summary>Gets the certificates of mutual TLS, or null for none.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Gets the password of Redis, or null for none.</summary>
    public string? RedisPassword { get; init; }

    /// <summary>Gets the longest wait for a silent member, or for a needed member that is not there.</summary>
    /// <value>From 3 seconds to an hour; the default is 30 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter or longer.</exception>
    public TimeSpan Timeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(3), nameof(Timeout));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(Timeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);
}
