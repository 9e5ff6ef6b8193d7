namespace Tsds.Tasks;

/// <summary>Represents a pool that remembers the sample that centering and relevance are taken from.</summary>
internal interface ISampleMemory
{
    /// <summary>Gets or sets the sample; null before it was read.</summary>
    PoolSample? Sample { get; set; }
}
