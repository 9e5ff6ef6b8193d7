namespace Tsds.Evaluation.Methods;

/// <summary>The mean embedding of each group of targets, in double.</summary>
internal sealed class TargetMeans
{
    private readonly double[][] _means;

    /// <summary>Initializes the means of the groups of targets.</summary>
    /// <param name="targets">Shape [targets, dimension].</param>
    /// <param name="groups">The group of each target, from 0, none empty; null for one group.</param>
    public TargetMeans(EmbeddingMatrix targets, IReadOnlyList<int>? groups = null)
    {
        _means = new double[groups is null ? 1 : groups.Max() + 1][];
        long[] counts = new long[_means.Length];
        for (int target = 0; target < targets.Count; target++)
        {
            int group = groups?[target] ?? 0;
            double[] mean = _means[group] ??= new double[targets.Dimension];
            counts[group]++;
            for (int p = 0; p < mean.Length; p++)
            {
                mean[p] += targets[target][p];
            }
        }

        for (int group = 0; group < _means.Length; group++)
        {
            for (int p = 0; p < targets.Dimension; p++)
            {
                _means[group][p] /= counts[group];
            }
        }
    }

    /// <summary>
    /// Returns the largest ⟨x, mean⟩ over the groups: the mean similarity to the targets of the group that x is most
    /// similar to.
    /// </summary>
    public double LargestSimilarity(ReadOnlySpan<float> x)
    {
        double largest = double.NegativeInfinity;
        foreach (double[] mean in _means)
        {
            double sum = 0;
            for (int p = 0; p < mean.Length; p++)
            {
                sum += x[p] * mean[p];
            }

            largest = Math.Max(largest, sum);
        }

        return largest;
    }

    /// <summary>Returns ‖x − mean‖² for the mean of the first group.</summary>
    public double DistanceSquared(ReadOnlySpan<float> x)
    {
        double sum = 0;
        for (int p = 0; p < x.Length; p++)
        {
            double difference = x[p] - _means[0][p];
            sum += difference * difference;
        }

        return sum;
    }
}
