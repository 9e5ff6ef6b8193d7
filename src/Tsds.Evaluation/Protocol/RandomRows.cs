using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>Draws rows at random without replacement; such selections define skill 0.</summary>
internal static class RandomRows
{
    /// <summary>Draws rows.</summary>
    /// <returns>
    /// Ascending; all of them where there are no more than asked for. Those with the smallest hash of seed and row, so
    /// any order of work gives the same.
    /// </returns>
    public static long[] Draw(
        long rowCount,
        long count,
        ulong seed,
        ulong stream = 0,
        Func<long, bool>? isHidden = null
    )
    {
        CounterRandom random = new(seed, stream);
        PriorityQueue<long, (ulong Key, long Row)> largestFirst = new(
            Comparer<(ulong Key, long Row)>.Create((x, y) => y.CompareTo(x))
        );
        for (long row = 0; row < rowCount; row++)
        {
            if (isHidden?.Invoke(row) == true)
            {
                continue;
            }

            (ulong, long) key = (random.Bits((ulong)row), row);
            if (largestFirst.Count < count)
            {
                largestFirst.Enqueue(row, key);
            }
            else
            {
                largestFirst.EnqueueDequeue(row, key);
            }
        }

        long[] rows = [.. largestFirst.UnorderedItems.Select(item => item.Element)];
        Array.Sort(rows);
        return rows;
    }
}
