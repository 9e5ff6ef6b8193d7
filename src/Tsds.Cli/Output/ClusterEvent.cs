using Tsds.Orleans;

namespace Tsds.Cli.Output;

/// <summary>The event <c>cluster</c>: what a selection sent over the network.</summary>
/// <param name="Workers">The workers that searched.</param>
/// <param name="SentBytes">The bytes sent to them.</param>
/// <param name="ReceivedBytes">The bytes received from them.</param>
/// <param name="Retries">The calls that were made again.</param>
internal sealed record ClusterEvent(int Workers, long SentBytes, long ReceivedBytes, long Retries)
{
    public static ClusterEvent Of(int workers, ClusterTraffic traffic) =>
        new(workers, traffic.SentBytes, traffic.ReceivedBytes, traffic.Retries);
}
