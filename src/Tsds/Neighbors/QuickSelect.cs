namespace Tsds.Neighbors;

/// <summary>Selects the smallest values without sorting.</summary>
internal static class QuickSelect
{
    /// <summary>Reorders values so that the k smallest come first, in any order.</summary>
    /// <param name="values">Reordered in place; the order is total.</param>
    /// <param name="k">From 0 to the number of values.</param>
    /// <seealso href="https://doi.org/10.1145/366622.366647">Hoare 1961, Algorithm 65: Find</seealso>
    public static void Partition(Span<Neighbor> values, int k)
    {
        int low = 0;
        int high = values.Length - 1;

        // Bad pivots are rare, but an adversary finds them: sorting what is left bounds the work.
        int rounds = 2 * (32 - int.LeadingZeroCount(values.Length));
        while (low < high && k > low && k <= high)
        {
            if (rounds-- == 0)
            {
                values[low..(high + 1)].Sort();
                return;
            }

            Neighbor pivot = MedianOfThree(values[low], values[low + ((high - low) / 2)], values[high]);
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (values[i].CompareTo(pivot) < 0)
                {
                    i++;
                }

                while (values[j].CompareTo(pivot) > 0)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            // Now [low, j] ≤ pivot ≤ [i, high], and what lies between is the pivot.
            if (k <= j)
            {
                high = j;
            }
            else if (k >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }

    private static Neighbor MedianOfThree(Neighbor a, Neighbor b, Neighbor c)
    {
        (Neighbor low, Neighbor high) = a.CompareTo(b) <= 0 ? (a, b) : (b, a);
        return c.CompareTo(low) < 0 ? low
            : c.CompareTo(high) > 0 ? high
            : c;
    }
}
