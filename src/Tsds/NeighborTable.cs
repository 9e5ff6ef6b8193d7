namespace Tsds;

/// <summary>
/// The nearest candidates of each query: shape [<see cref="QueryCount"/>, <see cref="K"/>], ascending by distance, ties
/// by id.
/// </summary>
public sealed class NeighborTable
{
    /// <summary>
    /// The id, at an infinite distance, that fills a row of which a search within limits found fewer than
    /// <see cref="K"/> neighbors.
    /// </summary>
    /// <seealso cref="CandidatePool.FindWithinAsync"/>
    public const long NoCandidate = -1;

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

    /// <summary>Gets the number of neighbors of each query; 0 in an <see cref="Empty"/> table alone.</summary>
    public int K { get; }

    /// <summary>Returns a table in which no query has a neighbor yet, to merge others into.</summary>
    /// <param name="queryCount">The number of queries.</param>
    /// <returns>Shape [queryCount, 0].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static NeighborTable Empty(int queryCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(queryCount);
        return new NeighborTable(queryCount);
    }

    /// <summary>
    /// Merges what was found for the same queries among two disjoint sets of candidates: by distance, ties by id.
    /// </summary>
    /// <param name="left">One table.</param>
    /// <param name="right">The other one.</param>
    /// <param name="rightFirstId">Added to the ids of <paramref name="right"/>, which count from the first candidate
    /// of its part of the pool.</param>
    /// <param name="k">The most neighbors of each query that are kept.</param>
    /// <returns>Shape [queries, min(k, K of left + K of right)]. Merging the tables of all parts of a pool, in any
    /// order, gives the table of the pool.</returns>
    /// <exception cref="ArgumentException">The tables have different numbers of queries.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is smaller than 1.</exception>
    public static NeighborTable Merge(NeighborTable left, NeighborTable right, long rightFirstId, int k)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (left.QueryCount != right.QueryCount)
        {
            throw new ArgumentException(
                $"Expected neighbors of {left.QueryCount} queries in both tables, found {right.QueryCount} in one."
            );
        }

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
