namespace Tsds.Orleans.Wire;

/// <summary>A client's request that a worker search some sections in one pass.</summary>
/// <param name="Id">The id of the search.</param>
/// <param name="Points">The blob of targets or points, normalized float32 rows.</param>
/// <param name="Dimension">The length of each.</param>
/// <param name="IsUnnormalized">True if the pool's embeddings are used without normalizing.</param>
/// <param name="K">Neighbors of each target; 0 asks for densities.</param>
/// <param name="Bandwidth">σ of densities.</param>
/// <param name="Population">The blob of the ids to sum over, ascending; null for the whole pool.</param>
/// <param name="Sections">The sections, ascending.</param>
/// <param name="View">How the pool is seen; null for as it is.</param>
[GenerateSerializer, Immutable, Alias("tsds.SearchOrder")]
internal sealed record SearchRequest(
    [property: Id(0)] string Id,
    [property: Id(1)] string Points,
    [property: Id(2)] int Dimension,
    [property: Id(3)] bool IsUnnormalized,
    [property: Id(4)] int K,
    [property: Id(5)] double Bandwidth,
    [property: Id(6)] string? Population,
    [property: Id(7)] int[] Sections,
    [property: Id(8)] ViewMessage? View
);
