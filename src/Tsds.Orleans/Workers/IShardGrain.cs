namespace Tsds.Orleans.Workers;

/// <summary>
/// Shards of the store from some section on, mapped on the silo that asks; the key is the section's index.
/// </summary>
[Alias("tsds.IShardGrain")]
internal interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Searches them.</summary>
    [Alias("Search")]
    [ResponseTimeout("1.00:00:00")]
    Task<InProcess<ShardAnswer>> SearchAsync(InProcess<ShardQuery> query);
}
