using System.Runtime.InteropServices;

namespace Tsds.Tasks;

/// <summary>
/// The different targets of a task with their weights: one that is written twice is one of twice the weight.
/// </summary>
internal sealed class TargetGroup
{
    private TargetGroup(EmbeddingMatrix targets, double[] weights)
    {
        Targets = targets;
        Weights = weights;
        Mean = PoolSample.WeightedSum(targets, weights);
        double sumOfSquares = 0;
        for (int row = 0; row < targets.Count; row++)
        {
            sumOfSquares += weights[row] * weights[row];
            double distanceSquared = 0;
            for (int i = 0; i < Mean.Length; i++)
            {
                double difference = targets[row][i] - Mean[i];
                distanceSquared += difference * difference;
            }

            Variance += weights[row] * distanceSquared;
        }

        EffectiveCount = 1 / sumOfSquares;
    }

    /// <summary>Gets the targets, each once.</summary>
    public EmbeddingMatrix Targets { get; }

    /// <summary>Gets their weights, which sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>Gets μ_Q, their weighted mean.</summary>
    public double[] Mean { get; }

    /// <summary>Gets their weighted mean squared distance from it.</summary>
    public double Variance { get; }

    /// <summary>Gets 1 / Σ m_k²: the number of targets of one weight that tell as much (Kish).</summary>
    public double EffectiveCount { get; }

    /// <summary>Gathers the targets of each task.</summary>
    /// <param name="targets">All targets.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="tasks">Their tasks, from 0 on.</param>
    public static TargetGroup[] CreateAll(EmbeddingMatrix targets, double[] weights, int[] tasks) =>
        [
            .. Enumerable
                .Range(0, tasks.Length)
                .GroupBy(target => tasks[target])
                .OrderBy(group => group.Key)
                .Select(group => Create(targets, weights, [.. group])),
        ];

    /// <summary>Gathers the targets of a task.</summary>
    /// <param name="targets">All targets.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="members">Those of the task, at least one.</param>
    public static TargetGroup Create(EmbeddingMatrix targets, double[] weights, int[] members)
    {
        Dictionary<int, List<int>> byHash = [];
        List<int> different = [];
        List<double> sums = [];
        foreach (int member in members)
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(targets[member]));
            ref List<int>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(byHash, hash.ToHashCode(), out _);
            alike ??= [];
            int found = alike.FindIndex(position => targets[different[position]].SequenceEqual(targets[member]));
            if (found >= 0)
            {
                sums[alike[found]] += weights[member];
                continue;
            }

            alike.Add(different.Count);
            different.Add(member);
            sums.Add(weights[member]);
        }

        double total = sums.Sum();
        return new TargetGroup(targets.Gather([.. different]), [.. sums.Select(weight => weight / total)]);
    }

    /// <summary>Returns the smallest of some values that half of the weight does not exceed.</summary>
    /// <param name="values">One for each target.</param>
    public double Median(double[] values)
    {
        // A sum that reaches a half up to rounding has reached it.
        const double Half = 0.5 - 1e-9;
        (double[] sorted, double[] cumulated) = Distribution(values);
        int median = 0;
        while (median < sorted.Length - 1 && cumulated[median] < Half)
        {
            median++;
        }

        return sorted[median];
    }

    /// <summary>
    /// Returns a fold for each target, by their order as vectors: the order that they came in changes nothing.
    /// </summary>
    /// <param name="folds">The number of folds.</param>
    /// <returns>The fold of each target, from 0.</returns>
    public int[] AssignFolds(int folds)
    {
        int[] order = [.. Enumerable.Range(0, Targets.Count)];
        Array.Sort(order, (one, other) => Targets[one].SequenceCompareTo(Targets[other]));
        int[] foldOf = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            foldOf[order[i]] = i % folds;
        }

        return foldOf;
    }

    /// <summary>Returns the weighted mean of the targets outside of a fold.</summary>
    /// <param name="foldOf">The fold of each target.</param>
    /// <param name="fold">The fold.</param>
    /// <returns>Null where nothing is left.</returns>
    public double[]? MeanWithout(int[] foldOf, int fold)
    {
        double[] weights = [.. Weights.Select((weight, target) => foldOf[target] == fold ? 0 : weight)];
        double left = weights.Sum();
        return left > 0 ? PoolSample.WeightedSum(Targets, Array.ConvertAll(weights, weight => weight / left)) : null;
    }

    /// <summary>Sorts some values, and cumulates the weights in their order.</summary>
    public (double[] Sorted, double[] Cumulated) Distribution(double[] values)
    {
        double[] sorted = [.. values];
        double[] cumulated = [.. Weights];
        Array.Sort(sorted, cumulated);
        for (int i = 1; i < cumulated.Length; i++)
        {
            cumulated[i] += cumulated[i - 1];
        }

        cumulated[^1] = 1;
        return (sorted, cumulated);
    }
}
