using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tsds.Orleans.Workers;

/// <summary>The metrics of a worker, under the meter <c>Tsds.Orleans</c>.</summary>
internal sealed class WorkerMetrics : IDisposable
{
    public const string Name = "Tsds.Orleans";

    /// <summary>Gets the source of traces: an activity for each search.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _rows;
    private readonly Counter<long> _bytes;

    public WorkerMetrics(LocalStore store)
    {
        _rows = _meter.CreateCounter<long>("tsds.worker.rows", "{row}", "Candidates scanned.");
        _bytes = _meter.CreateCounter<long>("tsds.worker.sent", "By", "Bytes of answers sent.");
        _meter.CreateObservableGauge("tsds.worker.shards", () => store.HeldShards, "{shard}", "Shards held.");
    }

    public void Scanned(long rows) => _rows.Add(rows);

    public void Sent(long bytes) => _bytes.Add(bytes);

    public void Dispose() => _meter.Dispose();
}
