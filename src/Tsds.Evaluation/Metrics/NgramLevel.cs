using System.Runtime.InteropServices;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The n-grams of one order, packed into 64 bits each with the oldest word first, and the model of the order below.
/// </summary>
internal sealed class NgramLevel
{
    private static readonly double[] Fallback = [0.5, 1, 1.5];

    private readonly ulong[] _keys;
    private readonly int[] _counts;
    private readonly NgramLevel? _below;
    private readonly int _order;
    private readonly double _uniform;
    private readonly double[] _discounts;
    private readonly Dictionary<ulong, ContextShare> _contexts = [];

    /// <summary>Initializes a level.</summary>
    /// <param name="order">Words of each n-gram.</param>
    /// <param name="keys">The different n-grams, ascending.</param>
    /// <param name="counts">How often each counts, at least once.</param>
    /// <param name="below">The level of order − 1; null for single words.</param>
    /// <param name="vocabularySize">The words that can be predicted.</param>
    public NgramLevel(int order, ulong[] keys, int[] counts, NgramLevel? below, int vocabularySize)
    {
        (_order, _keys, _counts, _below, _uniform) = (order, keys, counts, below, 1.0 / vocabularySize);
        _discounts = EstimateDiscounts(counts);
        for (int i = 0; i < keys.Length; i++)
        {
            ref ContextShare share = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _contexts,
                keys[i] >> Vocabulary.WordBits,
                out _
            );
            share = new ContextShare(share.Total + counts[i], share.Discount + DiscountOf(counts[i]));
        }
    }

    /// <summary>Gets D₁, D₂, D₃.</summary>
    public IReadOnlyList<double> Discounts => _discounts;

    public static ulong Append(ulong context, int word) => (context << Vocabulary.WordBits) | (uint)word;

    /// <summary>Returns the function that removes the oldest word of a packed n-gram.</summary>
    public static Converter<ulong, ulong> WithoutOldest(int words)
    {
        ulong mask = (1UL << (Vocabulary.WordBits * (words - 1))) - 1;
        return key => key & mask;
    }

    /// <summary>Returns the distinct keys, ascending, and how often each occurs.</summary>
    public static (ulong[] Keys, int[] Counts) CountEqual(ulong[] keys)
    {
        ulong[] sorted = [.. keys];
        Array.Sort(sorted);
        List<ulong> different = [];
        List<int> counts = [];
        foreach (ulong key in sorted)
        {
            if (different.Count > 0 && different[^1] == key)
            {
                counts[^1]++;
            }
            else
            {
                different.Add(key);
                counts.Add(1);
            }
        }

        return ([.. different], [.. counts]);
    }

    public NgramLevel LevelOf(int order) => order == _order ? this : _below!.LevelOf(order);

    /// <summary>Returns p(word | context), where the context holds order − 1 words.</summary>
    public double Probability(ulong context, int word)
    {
        double below = _below?.Probability(context & ContextMask(_order - 2), word) ?? _uniform;
        if (!_contexts.TryGetValue(context, out ContextShare share))
        {
            return below;
        }

        int position = Array.BinarySearch(_keys, Append(context, word));
        double kept = position < 0 ? 0 : _counts[position] - DiscountOf(_counts[position]);
        return (kept + (share.Discount * below)) / share.Total;
    }

    private static ulong ContextMask(int words) => words <= 0 ? 0 : (1UL << (Vocabulary.WordBits * words)) - 1;

    private static double[] EstimateDiscounts(int[] counts)
    {
        double[] n = new double[5];
        foreach (int count in counts)
        {
            if (count < n.Length)
            {
                n[count]++;
            }
        }

        double y = n[1] / (n[1] + (2 * n[2]));
        double[] discounts = [1 - (2 * y * n[2] / n[1]), 2 - (3 * y * n[3] / n[2]), 3 - (4 * y * n[4] / n[3])];

        // A discount of 0 would leave nothing for words not seen. Written so that NaN, from counts that are 0, falls
        // back too.
        bool areUsable = discounts[0] is > 0 and <= 1 && discounts[1] is > 0 and <= 2 && discounts[2] is > 0 and <= 3;
        return areUsable && n[1] * n[2] * n[3] * n[4] > 0 ? discounts : Fallback;
    }

    private double DiscountOf(int count) => _discounts[Math.Min(count, _discounts.Length) - 1];

    private readonly record struct ContextShare(long Total, double Discount);
}
