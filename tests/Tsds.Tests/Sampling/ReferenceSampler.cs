using Tsds.Sampling;

namespace Tsds.Tests.Sampling;

/// <summary>
/// The four methods in their plain form: a full sort, a count for every row, a search for every draw.
/// </summary>
internal static class ReferenceSampler
{
    public static long[] Draw(SamplingMethod method, double[] probabilities, long budget, ulong seed)
    {
        CounterRandom random = new(seed, (ulong)method);
        return method switch
        {
            SamplingMethod.Distinct => DrawDistinct(probabilities, budget, random),
            SamplingMethod.Systematic => DrawSystematic(probabilities, budget, random),
            SamplingMethod.Multinomial => DrawMultinomial(probabilities, budget, random),
            _ => DrawTop(probabilities, budget),
        };
    }

    /// <summary>One row after the other, the largest first, becomes certain until the rest stays below 1.</summary>
    public static double[] InclusionProbabilities(double[] probabilities, long budget)
    {
        int[] order = Order(probabilities);
        double rest = order.Reverse().Sum(j => probabilities[j]);
        double[] inclusion = [.. probabilities];
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

        foreach (int j in order[certain..])
        {
            inclusion[j] *= scale;
        }

        return inclusion;
    }

    private static long[] DrawDistinct(double[] probabilities, long budget, CounterRandom random)
    {
        const double Rounding = 1e-9;
        long[] counts = new long[probabilities.Length];
        if (budget == counts.Length)
        {
            Array.Fill(counts, 1);
            return counts;
        }

        double[] inclusion = InclusionProbabilities(probabilities, budget);
        int pivot = -1;
        double pivotInclusion = 0;
        for (int j = 0; j < inclusion.Length; j++)
        {
            if (inclusion[j] >= 1 - Rounding)
            {
                counts[j] = 1;
            }
            else if (pivot < 0)
            {
                (pivot, pivotInclusion) = (j, inclusion[j]);
            }
            else if (pivotInclusion + inclusion[j] < 1 - Rounding)
            {
                pivotInclusion += inclusion[j];
                pivot = random.Uniform((ulong)j) * pivotInclusion < inclusion[j] ? j : pivot;
            }
            else
            {
                double sum = pivotInclusion + inclusion[j];
                bool drawsPivot = random.Uniform((ulong)j) * (2 - sum) < 1 - inclusion[j];
                counts[drawsPivot ? pivot : j] = 1;
                (pivot, pivotInclusion) = sum - 1 > Rounding ? (drawsPivot ? j : pivot, sum - 1) : (-1, 0);
            }
        }

        if (counts.Sum() < budget && pivot >= 0)
        {
            counts[pivot] = 1;
        }

        return counts;
    }

    private static long[] DrawSystematic(double[] probabilities, long budget, CounterRandom random)
    {
        long[] counts = new long[probabilities.Length];
        double total = probabilities.Sum(p => p);
        double cumulated = 0;
        long before = 0;
        for (int j = 0; j < counts.Length; j++)
        {
            cumulated += probabilities[j];
            long after = Math.Min(budget, (long)Math.Floor((budget * (cumulated / total)) + random.Uniform(0)));
            after = j == counts.Length - 1 ? budget : after;
            counts[j] = after - before;
            before = after;
        }

        return counts;
    }

    private static long[] DrawMultinomial(double[] probabilities, long budget, CounterRandom random)
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
            int found = Array.FindIndex(cumulated, value => value > point);
            counts[found < 0 ? counts.Length - 1 : found]++;
        }

        return counts;
    }

    private static long[] DrawTop(double[] probabilities, long budget)
    {
        long[] counts = new long[probabilities.Length];
        foreach (int j in Order(probabilities)[..(int)budget])
        {
            counts[j] = 1;
        }

        return counts;
    }

    private static int[] Order(double[] probabilities) =>
        [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(j => probabilities[j]).ThenBy(j => j)];
}
