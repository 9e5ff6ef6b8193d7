using System.Diagnostics.Metrics;

namespace Tsds.Orleans;

/// <summary>Counts what a client sends, receives and repeats, under the meter <c>Tsds.Orleans</c>.</summary>
internal sealed class ClusterTraffic : IDisposable
{
    private readonly Meter _meter = new("Tsds.Orleans");
    private readonly Counter<long> _sentCounter;
    private readonly Counter<long> _receivedCounter;
    private readonly Counter<long> _retryCounter;
    private long _sent;
    private long _received;
    private long _retries;

    internal ClusterTraffic()
    {
        _sentCounter = _meter.CreateCounter<long>(
            "tsds.client.sent",
            "By",
            "Bytes of targets and points sent to workers."
        );
        _receivedCounter = _meter.CreateCounter<long>(
            "tsds.client.received",
            "By",
            "Bytes of answers received from workers."
        );
        _retryCounter = _meter.CreateCounter<long>(
            "tsds.client.retries",
            "{share}",
            "Shares of work that were given to another worker."
        );
    }

    /// <summary>Gets the bytes of targets, points and ids sent to workers, without headers.</summary>
    public long SentBytes => Interlocked.Read(ref _sent);

    /// <summary>Gets the bytes of answers received, without headers.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _received);

    /// <summary>Gets the number of shares of lost workers that were assigned to others.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Disposes the meter.</summary>
    public void Dispose() => _meter.Dispose();

    internal void Sent(long bytes)
    {
        Interlocked.Add(ref _sent, bytes);
        _sentCounter.Add(bytes);
    }

    internal void Received(long bytes)
    {
        Interlocked.Add(ref _received, bytes);
        _receivedCounter.Add(bytes);
    }

    internal void Retried()
    {
        Interlocked.Increment(ref _retries);
        _retryCounter.Add(1);
    }
}
