namespace Tsds.Orleans.Workers;

/// <summary>
/// The pool of one section or more of the store, mapped on the silo that calls it; the key is the index of the first
/// section.
/// </summary>
[Alias("tsds.IShardGrain")]
internal interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Searches the sections.</summary>
    [Alias("Search")]
    [ResponseTimeout("1.00:00:00")]
    Task<InProcess<ShardAnswer>> SearchAsync(InProcess<ShardQuery> query);
}
