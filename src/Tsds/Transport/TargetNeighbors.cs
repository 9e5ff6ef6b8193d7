using System.Diagnostics;

namespace Tsds.Transport;

/// <summary>
/// The neighbors of one target that have been fetched, with the weights of those whose densities are known.
/// </summary>
/// <remarks>
/// Indexes are 0-based: neighbor k is <c>CandidateIndexes[k]</c> at <c>Distances[k]</c>; <c>WeightSums[k]</c> is P(k) =
/// Σ_{l&lt;k} w_l and <c>WeightedDistanceSums[k]</c> is Σ_{l&lt;k} w_l·d_l, both for k from 0 to
/// <see cref="KnownCount"/>.
/// </remarks>
internal sealed class TargetNeighbors
{
    private double[] _weightSums = [0];
    private double[] _weightedDistanceSums = [0];
    private int _lastFilled;

    /// <summary>Gets the neighbors as positions in <see cref="CandidateTable"/>, nearest first.</summary>
    public int[] CandidateIndexes { get; private set; } = [];

    /// <summary>Gets the distances, ascending.</summary>
    public double[] Distances { get; private set; } = [];

    /// <summary>Gets the number of neighbors that have been fetched.</summary>
    public int FetchedCount => Distances.Length;

    /// <summary>Gets the number of fetched neighbors that have a weight.</summary>
    public int KnownCount { get; private set; }

    /// <summary>Gets P(<see cref="KnownCount"/>): the weight of all known neighbors.</summary>
    public double KnownWeight => _weightSums[KnownCount];

    public double WeightSum(int count) => _weightSums[count];

    public double WeightedDistanceSum(int count) => _weightedDistanceSums[count];

    /// <summary>Replaces the neighbors by a longer list that begins with the same ones.</summary>
    public void Replace(int[] candidateIndexes, double[] distances)
    {
        Debug.Assert(candidateIndexes.Length == distances.Length && distances.Length >= FetchedCount);
        CandidateIndexes = candidateIndexes;
        Distances = distances;
    }

    /// <summary>Extends the prefix sums to <paramref name="count"/> neighbors.</summary>
    /// <param name="count">At most <see cref="FetchedCount"/>; the weights of all of these are known.</param>
    /// <param name="weights">Weights by candidate index.</param>
    public void ExtendPrefixSums(int count, ReadOnlySpan<double> weights)
    {
        if (_weightSums.Length <= count)
        {
            // Room for all that is fetched, so that growing prefixes do not copy again and again.
            Array.Resize(ref _weightSums, FetchedCount + 1);
            Array.Resize(ref _weightedDistanceSums, FetchedCount + 1);
        }

        for (int k = KnownCount; k < count; k++)
        {
            double weight = weights[CandidateIndexes[k]];
            _weightSums[k + 1] = _weightSums[k] + weight;
            _weightedDistanceSums[k + 1] = _weightedDistanceSums[k] + (weight * Distances[k]);
        }

        KnownCount = Math.Max(KnownCount, count);
    }

    /// <summary>Counts the known neighbors k with P(k) ≤ level (or P(k) &lt; level): those filled to the cap.</summary>
    /// <remarks>
    /// Levels asked one after another lie close together, so the search starts where the last one ended and doubles its
    /// steps: most answers touch two numbers, not log K of them. Only the time depends on that; one thread at a time
    /// may ask a row.
    /// </remarks>
    /// <param name="level">The effective neighbors s.</param>
    /// <param name="inclusive">True if a neighbor that reaches the level exactly counts.</param>
    public int CountFilled(double level, bool inclusive)
    {
        // Filled at low (or low is 0), not filled at high (or high is past the end).
        int low = _lastFilled;
        int high = low + 1;
        int step = 1;
        if (IsFilled(low, level, inclusive))
        {
            while (high <= KnownCount && IsFilled(high, level, inclusive))
            {
                low = high;
                step *= 2;
                high = Math.Min(low + step, KnownCount + 1);
            }
        }
        else
        {
            do
            {
                high = low;
                low = Math.Max(0, low - step);
                step *= 2;
            } while (!IsFilled(low, level, inclusive));
        }

        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            if (IsFilled(middle, level, inclusive))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        _lastFilled = low;
        return low;
    }

    private bool IsFilled(int count, double level, bool inclusive) =>
        count == 0 || (inclusive ? _weightSums[count] <= level : _weightSums[count] < level);
}
