namespace Tsds;

/// <summary>
/// The nearest candidates of each query: shape [<see cref="QueryCount"/>, <see cref="K"/>], ascending by distance, ties
/// by id.
/// </summary>
public sealed class NeighborTable
{
    /// <summary>Stands, at an infinite distance, where a search within limits found fewer than k.</summary>
    internal const long NoCandidate = -1;

    private readonly long[] _candidateIds;
    private readonly double[] _distancesSquared;

    /// <summary>Initializes a table over arrays that the table owns from now on.</summary>
    /// <param name="queryCount">The number of queries.</param>
    /// <param name="k">Neighbors per query, at least 1.</param>
    /// <param name="candidateIds">Length queryCount × k, row-major.</param>
    /// <param name="distancesSquared">Squared Euclidean distances, length queryCount × k, row-major, ascending in each
    /// row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range.</exception>
    /// <exception cref="ArgumentException">An array has another length than queryCount × k.</exception>
    public NeighborTable(int queryCount, int k, long[] candidateIds, double[] distancesSquared)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(queryCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentNullException.ThrowIfNull(candidateIds);
        ArgumentNullException.ThrowIfNull(distancesSquared);
        long expected = (long)queryCount * k;
        if (candidateIds.Length != expected || distancesSquared.Length != expected)
        {
            throw new ArgumentException(
                $"Expected {expected} ids and distances, found {candidateIds.Length} and {distancesSquared.Length}."
            );
        }

        QueryCount = queryCount;
        K = k;
        _candidateIds = candidateIds;
        _distancesSquared = distancesSquared;
    }

    private NeighborTable(int queryCount)
    {
        QueryCount = queryCount;
        _candidateIds = [];
        _distancesSquared = [];
    }

    /// <summary>Gets the number of queries.</summary>
    public int QueryCount { get; }

    /// <summary>Gets the number of neighbors of each query.</summary>
    public int K { get; }

    /// <summary>A table in which no query has a neighbor yet, to merge others into.</summary>
    internal static NeighborTable Empty(int queryCount) => new(queryCount);

    /// <summary>Merges two tables of the same queries row by row, by distance and then id.</summary>
    /// <param name="left">One table.</param>
    /// <param name="right">Another one, of other candidates.</param>
    /// <param name="rightFirstId">Added to the ids of <paramref name="right"/>.</param>
    /// <param name="k">Neighbors of each query that are kept at most.</param>
    internal static NeighborTable Merge(NeighborTable left, NeighborTable right, long rightFirstId, int k)
    {
        int width = (int)Math.Min(k, (long)left.K + right.K);
        long[] candidateIds = new long[checked(left.QueryCount * width)];
        double[] distancesSquared = new double[candidateIds.Length];
        for (int query = 0; query < left.QueryCount; query++)
        {
            ReadOnlySpan<double> lefts = left.DistancesSquared(query);
            ReadOnlySpan<double> rights = right.DistancesSquared(query);
            ReadOnlySpan<long> leftIds = left.CandidateIds(query);
            ReadOnlySpan<long> rightIds = right.CandidateIds(query);
            int l = 0;
            int r = 0;
            for (int position = query * width; position < (query + 1) * width; position++)
            {
                bool takesLeft =
                    r == rights.Length
                    || (
                        l < lefts.Length
                        && (lefts[l] < rights[r] || (lefts[l] == rights[r] && leftIds[l] <= rightFirstId + rightIds[r]))
                    );
                distancesSquared[position] = takesLeft ? lefts[l] : rights[r];
                candidateIds[position] =
                    takesLeft ? leftIds[l]
                    : rightIds[r] == NoCandidate ? NoCandidate
                    : rightFirstId + rightIds[r];
                (l, r) = takesLeft ? (l + 1, r) : (l, r + 1);
            }
        }

        return new NeighborTable(left.QueryCount, width, candidateIds, distancesSquared);
    }

    /// <summary>Gets the candidate ids of one query, nearest first.</summary>
    /// <param name="query">From 0 to <see cref="QueryCount"/> − 1.</param>
    /// <returns>Length <see cref="K"/>.</returns>
    public ReadOnlySpan<long> CandidateIds(int query) => _candidateIds.AsSpan(checked(query * K), K);

    /// <summary>
    /// Gets the squared Euclidean distances of one query, ascending; each the double sum Σ (x − q)² of the float32
    /// embeddings, plus the candidate's cost where the pool is seen through a view that has costs.
    /// </summary>
    /// <param name="query">From 0 to <see cref="QueryCount"/> − 1.</param>
    /// <returns>Length <see cref="K"/>, finite and not negative.</returns>
    public ReadOnlySpan<double> DistancesSquared(int query) => _distancesSquared.AsSpan(checked(query * K), K);
}
