using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Draws samples that depend on ids alone, so that threads and order do not matter and every report samples the same
/// rows.
/// </summary>
internal static class HashSample
{
    /// <summary>Returns the ids with the smallest hashes.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="stream">A number that distinguishes samples of the same ids.</param>
    /// <returns>Ascending, if the ids are.</returns>
    public static long[] Of(ReadOnlySpan<long> ids, int count, ulong stream)
    {
        CounterRandom random = new(0, stream);
        long[] all = ids.ToArray();
        ulong[] keys = Array.ConvertAll(all, id => random.Bits((ulong)id));
        return
        [
            .. Enumerable
                .Range(0, all.Length)
                .OrderBy(i => keys[i])
                .ThenBy(i => i)
                .Take(count)
                .Order()
                .Select(i => all[i]),
        ];
    }

    /// <summary>
    /// Returns one id from each of several equal parts of a range, at a place that depends on the part's number.
    /// </summary>
    /// <param name="length">Ids run from 0 to length − 1.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="stream">A number that distinguishes samples of the same range.</param>
    /// <returns>Ascending.</returns>
    public static long[] OfRange(long length, int count, ulong stream)
    {
        CounterRandom random = new(0, stream);
        int parts = (int)Math.Min(length, count);
        long[] ids = new long[parts];
        for (int part = 0; part < parts; part++)
        {
            long first = (long)((Int128)part * length / parts);
            long end = (long)((Int128)(part + 1) * length / parts);
            ids[part] = first + (long)(random.Uniform((ulong)part) * (end - first));
        }

        return ids;
    }
}
