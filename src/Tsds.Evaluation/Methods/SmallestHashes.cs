using Tsds.Sampling;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// Draws rows at random: keeps those with the smallest hashes of seed and row, whatever the order of arrival.
/// </summary>
internal sealed class SmallestHashes(long count, ulong seed)
{
    private readonly CounterRandom _random = new(seed, 0);
    private readonly PriorityQueue<long, (ulong Hash, long Row)> _largestFirst = new(
        Comparer<(ulong Hash, long Row)>.Create((x, y) => y.CompareTo(x))
    );

    public void Add(long row)
    {
        (ulong, long) key = (_random.Bits((ulong)row), row);
        if (_largestFirst.Count < count)
        {
            _largestFirst.Enqueue(row, key);
        }
        else
        {
            _largestFirst.EnqueueDequeue(row, key);
        }
    }

    /// <summary>Returns the rows, the smallest hash first.</summary>
    public long[] ToArray()
    {
        (long Row, (ulong, long) Key)[] drawn = [.. _largestFirst.UnorderedItems];
        return [.. drawn.OrderBy(row => row.Key).Select(row => row.Row)];
    }
}
