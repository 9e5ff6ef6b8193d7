using System.Net;

namespace Tsds.Orleans;

/// <summary>
/// The settings of a worker: the part of a vector store that it holds, and the addresses on which it listens.
/// </summary>
public sealed record WorkerOptions
{
    /// <summary>Gets the cluster to join.</summary>
    public required ClusterOptions Cluster { get; init; }

    /// <summary>
    /// Gets the folders of the vector store: each holds its manifest and any part of its chunks. Nothing else is read.
    /// </summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Gets the address to listen on, and by which others find this worker.</summary>
    /// <value>The default is the loopback address, which no other machine reaches.</value>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Gets the port for other workers; 0 for a free one.</summary>
    public int SiloPort { get; init; }

    /// <summary>Gets the port for clients; 0 for a free one.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Gets the port of <c>/healthz</c>, or null for none.</summary>
    public int? HealthPort { get; init; }

    /// <summary>Gets the number of threads of a search. The result does not depend on it.</summary>
    /// <value>At least 1. The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ThreadCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ThreadCount));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Gets the memory limit, in bytes, of targets and points that are held for clients.</summary>
    public long PointBytes { get; init; } = 2_000_000_000;
}
