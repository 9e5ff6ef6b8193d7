namespace Tsds.Orleans.Wire;

/// <summary>The progress of a search on a worker.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Rows">Candidates scanned.</param>
/// <param name="Farthest">The squared distance of each target's k-th neighbor so far; null if nothing is
/// new.</param>
/// <param name="Refused">Sections that cannot be searched here.</param>
/// <param name="Reasons">Why, one sentence for each.</param>
[GenerateSerializer, Immutable, Alias("tsds.SearchState")]
internal sealed record SearchState(
    [property: Id(0)] SearchStatus Status,
    [property: Id(1)] long Rows,
    [property: Id(2)] double[]? Farthest,
    [property: Id(3)] int[] Refused,
    [property: Id(4)] string[] Reasons
)
{
    public static SearchState Unknown { get; } = new(SearchStatus.Unknown, 0, null, [], []);
}
