namespace Tsds.Sampling;

/// <summary>Draws a budget of rows from selection probabilities. Counts are by position, in the order of the probabilities.</summary>
internal static class Sampler
{
    /// <summary>Draws with one of the four methods.</summary>
    /// <param name="method">How to draw.</param>
    /// <param name="probabilities">Positive, summing to 1 but for rounding.</param>
    /// <param name="budget">B, at least 1; at most the number of probabilities except under multinomial and systematic sampling.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>How often each position is drawn; sums to B.</returns>
    public static long[] Draw(SamplingMethod method, ReadOnlySpan<double> probabilities, long budget, ulong seed)
    {
        CounterRandom random = new(seed, (ulong)method);
        return method switch
        {
            SamplingMethod.Distinct => DrawDistinct(probabilities, budget, random),
            SamplingMethod.Systematic => DrawSystematic(probabilities, budget, random),
            SamplingMethod.Multinomial => DrawMultinomial(probabilities, budget, random),
            _ => TakeTop(probabilities, budget),
        };
    }

    /// <summary>Inclusion probabilities π_j = min(1, c·p_j) with c such that they sum to B.</summary>
    public static double[] InclusionProbabilities(ReadOnlySpan<double> probabilities, long budget)
    {
        double[] inclusion = probabilities.ToArray();
        int[] order = OrderByProbability(probabilities);

        // Take the largest as certain until the rest, scaled to what is left of the budget, stays below 1.
        double rest = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            rest += probabilities[order[i]];
        }

        double scale = 0;
        int certain = 0;
        for (; certain < order.Length; certain++)
        {
            double largest = probabilities[order[certain]];
            scale = (budget - certain) / rest;
            if (scale * largest < 1)
            {
                break;
            }

            rest -= largest;
            inclusion[order[certain]] = 1;
        }

        for (int i = certain; i < order.Length; i++)
        {
            inclusion[order[i]] *= scale;
        }

        return inclusion;
    }

    /// <summary>The ordered pivotal method: two undecided rows duel until one is decided; fixed size, exact inclusion probabilities.</summary>
    /// <seealso href="https://doi.org/10.1093/biomet/85.1.89">Deville, Tillé 1998, Unequal probability sampling without replacement</seealso>
    private static long[] DrawDistinct(ReadOnlySpan<double> probabilities, long budget, CounterRandom random)
    {
        // Sums of inclusion probabilities reach whole numbers only up to rounding.
        const double Rounding = 1e-9;
        long[] counts = new long[probabilities.Length];
        if (budget == probabilities.Length)
        {
            Array.Fill(counts, 1);
            return counts;
        }

        double[] inclusion = InclusionProbabilities(probabilities, budget);
        long drawn = 0;
        int pivot = -1;
        double pivotInclusion = 0;
        for (int j = 0; j < inclusion.Length; j++)
        {
            if (inclusion[j] >= 1 - Rounding)
            {
                counts[j] = 1;
                drawn++;
                continue;
            }

            if (pivot < 0)
            {
                (pivot, pivotInclusion) = (j, inclusion[j]);
                continue;
            }

            double sum = pivotInclusion + inclusion[j];
            double uniform = random.Uniform((ulong)j);
            if (sum < 1 - Rounding)
            {
                // One of the two leaves without being drawn; the other carries both chances on.
                pivot = uniform * sum < inclusion[j] ? j : pivot;
                pivotInclusion = sum;
                continue;
            }

            // One of the two is drawn; the other goes on with what is left.
            double left = Math.Max(0, sum - 1);
            bool drawsPivot = uniform * (2 - sum) < 1 - inclusion[j];
            counts[drawsPivot ? pivot : j] = 1;
            drawn++;
            (pivot, pivotInclusion) = left > Rounding ? (drawsPivot ? j : pivot, left) : (-1, 0);
        }

        if (drawn < budget && pivot >= 0)
        {
            counts[pivot] = 1;
        }

        return counts;
    }

    private static long[] DrawSystematic(ReadOnlySpan<double> probabilities, long budget, CounterRandom random)
    {
        long[] counts = new long[probabilities.Length];
        double total = Sum(probabilities);
        double start = random.Uniform(0);
        double cumulated = 0;
        long before = 0;
        for (int j = 0; j < counts.Length; j++)
        {
            cumulated += probabilities[j];

            // The last point is exactly B steps from the first, whatever rounding did to the sum.
            long after = j == counts.Length - 1 ? budget : Math.Min(budget, (long)Math.Floor((budget * (cumulated / total)) + start));
            counts[j] = after - before;
            before = after;
        }

        return counts;
    }

    private static long[] DrawMultinomial(ReadOnlySpan<double> probabilities, long budget, CounterRandom random)
    {
        long[] counts = new long[probabilities.Length];
        double[] cumulated = new double[probabilities.Length];
        double sum = 0;
        for (int j = 0; j < cumulated.Length; j++)
        {
            sum += probabilities[j];
            cumulated[j] = sum;
        }

        for (long draw = 0; draw < budget; draw++)
        {
            double point = random.Uniform((ulong)draw) * sum;
            int low = 0;
            int high = cumulated.Length - 1;
            while (low < high)
            {
                int middle = (low + high) >>> 1;
                if (cumulated[middle] <= point)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            counts[low]++;
        }

        return counts;
    }

    private static long[] TakeTop(ReadOnlySpan<double> probabilities, long budget)
    {
        long[] counts = new long[probabilities.Length];
        int[] order = OrderByProbability(probabilities);
        for (int i = 0; i < budget; i++)
        {
            counts[order[i]] = 1;
        }

        return counts;
    }

    /// <summary>Positions by descending probability, ties by position.</summary>
    private static int[] OrderByProbability(ReadOnlySpan<double> probabilities)
    {
        double[] keys = probabilities.ToArray();
        int[] order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }
}
