namespace Tsds.Pools;

/// <summary>Reports progress of one shard, counting the candidates of the shards before it as scanned.</summary>
internal sealed class ShardProgress : IProgress<long>
{
    private readonly IProgress<long> _whole;
    private readonly long _before;

    private ShardProgress(IProgress<long> whole, long before)
    {
        _whole = whole;
        _before = before;
    }

    public static ShardProgress? Create(IProgress<long>? whole, long before) =>
        whole is null ? null : new ShardProgress(whole, before);

    public void Report(long value) => _whole.Report(_before + value);
}
