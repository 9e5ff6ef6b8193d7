using System.Diagnostics;

namespace Tsds.Transport;

/// <summary>
/// The neighbors of one target that have been fetched, with the weights of those whose densities are known.
/// </summary>
/// <remarks>
/// Indexes are 0-based: neighbor k is <c>CandidateIndexes[k]</c> at <c>Distances[k]</c>. P(k) = Σ_{l&lt;k} w_l and
/// Σ_{l&lt;k} w_l·d_l, both for k from 0 to <see cref="KnownCount"/>, are kept for every eighth k; those between are
/// added up again when they are asked for, from the one before on, so that they have the same bits as if all were kept.
/// That is 14 bytes a neighbor in place of 28.
/// </remarks>
internal sealed class TargetNeighbors
{
    /// <summary>The number of neighbors between two sums that are kept, as a power of 2.</summary>
    private const int StrideBits = 3;
    private const int Stride = 1 << StrideBits;

    private readonly CandidateTable _candidates;
    private double[] _weightSums = [0];
    private double[] _weightedDistanceSums = [0];
    private int _lastBlock;

    /// <summary>Initializes a row without neighbors.</summary>
    /// <param name="candidates">Knows the weights of the candidates.</param>
    public TargetNeighbors(CandidateTable candidates) => _candidates = candidates;

    /// <summary>Gets the neighbors as positions in <see cref="CandidateTable"/>, nearest first.</summary>
    public int[] CandidateIndexes { get; private set; } = [];

    /// <summary>Gets the distances, ascending.</summary>
    public double[] Distances { get; private set; } = [];

    /// <summary>Gets the number of neighbors that have been fetched.</summary>
    public int FetchedCount => Distances.Length;

    /// <summary>Gets the number of fetched neighbors that have a weight.</summary>
    public int KnownCount { get; private set; }

    /// <summary>Gets P(<see cref="KnownCount"/>): the weight of all known neighbors.</summary>
    public double KnownWeight { get; private set; }

    /// <summary>Returns P(count).</summary>
    public double WeightSum(int count)
    {
        ReadOnlySpan<double> weights = _candidates.Weights;
        int first = count & -Stride;
        double sum = _weightSums[count >> StrideBits];
        foreach (int index in CandidateIndexes.AsSpan(first, count - first))
        {
            sum += weights[index];
        }

        return sum;
    }

    /// <summary>Returns the sum of w_l·d_l over the first neighbors.</summary>
    public double WeightedDistanceSum(int count)
    {
        ReadOnlySpan<double> weights = _candidates.Weights;
        double sum = _weightedDistanceSums[count >> StrideBits];
        for (int k = count & -Stride; k < count; k++)
        {
            sum += weights[CandidateIndexes[k]] * Distances[k];
        }

        return sum;
    }

    /// <summary>Replaces the neighbors by a longer list that begins with the same ones.</summary>
    public void Replace(int[] candidateIndexes, double[] distances)
    {
        Debug.Assert(candidateIndexes.Length == distances.Length && distances.Length >= FetchedCount);
        CandidateIndexes = candidateIndexes;
        Distances = distances;
    }

    /// <summary>Extends the prefix sums to <paramref name="count"/> neighbors.</summary>
    /// <param name="count">At most <see cref="FetchedCount"/>; the weights of all of these are known.</param>
    public void ExtendPrefixSums(int count)
    {
        if (count <= KnownCount)
        {
            return;
        }

        if (_weightSums.Length <= count >> StrideBits)
        {
            // Room for all that is fetched, so that growing prefixes do not copy again and again.
            int length = (FetchedCount >> StrideBits) + 1;
            Array.Resize(ref _weightSums, length);
            Array.Resize(ref _weightedDistanceSums, length);
        }

        ReadOnlySpan<double> weights = _candidates.Weights;
        double weightSum = KnownWeight;
        double weightedDistanceSum = WeightedDistanceSum(KnownCount);
        for (int k = KnownCount; k < count; k++)
        {
            double weight = weights[CandidateIndexes[k]];
            weightSum += weight;
            weightedDistanceSum += weight * Distances[k];
            if (((k + 1) & (Stride - 1)) == 0)
            {
                _weightSums[(k + 1) >> StrideBits] = weightSum;
                _weightedDistanceSums[(k + 1) >> StrideBits] = weightedDistanceSum;
            }
        }

        (KnownCount, KnownWeight) = (count, weightSum);
    }

    /// <summary>Counts the known neighbors k with P(k) ≤ level (or P(k) &lt; level): those filled to the cap.</summary>
    /// <remarks>
    /// Levels asked one after another lie close together, so the search starts where the last one ended and doubles its
    /// steps: most answers touch a few numbers that lie together, not log K of them. Only the time depends on that; one
    /// thread at a time may ask a row.
    /// </remarks>
    /// <param name="level">The effective neighbors s.</param>
    /// <param name="inclusive">True if a neighbor that reaches the level exactly counts.</param>
    public int CountFilled(double level, bool inclusive)
    {
        _lastBlock = LastFilledBlock(level, inclusive);
        ReadOnlySpan<double> weights = _candidates.Weights;
        int count = _lastBlock << StrideBits;
        int end = Math.Min(KnownCount, count + Stride);
        double sum = _weightSums[_lastBlock];
        for (; count < end; count++)
        {
            sum += weights[CandidateIndexes[count]];
            if (!(inclusive ? sum <= level : sum < level))
            {
                break;
            }
        }

        return count;
    }

    /// <summary>Returns the last kept sum whose neighbors are all filled.</summary>
    private int LastFilledBlock(double level, bool inclusive)
    {
        // Filled at low (or low is 0), not filled at high (or high is past the end).
        int blocks = KnownCount >> StrideBits;
        int low = _lastBlock;
        int high = low + 1;
        int step = 1;
        if (IsFilled(low, level, inclusive))
        {
            while (high <= blocks && IsFilled(high, level, inclusive))
            {
                low = high;
                step *= 2;
                high = Math.Min(low + step, blocks + 1);
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

        return low;
    }

    private bool IsFilled(int block, double level, bool inclusive) =>
        block == 0 || (inclusive ? _weightSums[block] <= level : _weightSums[block] < level);
}
