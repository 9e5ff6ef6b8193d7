namespace Tsds.Orleans.Workers;

/// <summary>A section of the store, mapped on the silo that asks; the key is its index.</summary>
[Alias("tsds.IShardGrain")]
internal interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Searches the section.</summary>
    [Alias("Search")]
    [ResponseTimeout("1.00:00:00")]
    Task<InProcess<ShardAnswer>> SearchAsync(InProcess<ShardQuery> query);
}
