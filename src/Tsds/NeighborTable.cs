namespace Tsds;

/// <summary>The nearest candidates of each query: shape [<see cref="QueryCount"/>, <see cref="K"/>], ascending by distance, ties by id.</summary>
public sealed class NeighborTable
{
    private readonly long[] _candidateIds;
    private readonly double[] _distancesSquared;

    /// <summary>Initializes a table over arrays that the table owns from now on.</summary>
    /// <param name="queryCount">The number of queries.</param>
    /// <param name="k">Neighbors per query, at least 1.</param>
    /// <param name="candidateIds">Length queryCount × k, row-major.</param>
    /// <param name="distancesSquared">Squared Euclidean distances, length queryCount × k, row-major, ascending in each row.</param>
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
                $"Expected {expected} ids and distances, found {candidateIds.Length} and {distancesSquared.Length}.");
        }

        QueryCount = queryCount;
        K = k;
        _candidateIds = candidateIds;
        _distancesSquared = distancesSquared;
    }

    /// <summary>Gets the number of queries.</summary>
    public int QueryCount { get; }

    /// <summary>Gets the number of neighbors of each query.</summary>
    public int K { get; }

    /// <summary>Gets the candidate ids of one query, nearest first.</summary>
    /// <param name="query">From 0 to <see cref="QueryCount"/> − 1.</param>
    /// <returns>Length <see cref="K"/>.</returns>
    public ReadOnlySpan<long> CandidateIds(int query) => _candidateIds.AsSpan(checked(query * K), K);

    /// <summary>Gets the squared Euclidean distances of one query, ascending; each the double sum Σ (x − q)² of the float32 embeddings.</summary>
    /// <param name="query">From 0 to <see cref="QueryCount"/> − 1.</param>
    /// <returns>Length <see cref="K"/>, finite and not negative.</returns>
    public ReadOnlySpan<double> DistancesSquared(int query) => _distancesSquared.AsSpan(checked(query * K), K);
}
