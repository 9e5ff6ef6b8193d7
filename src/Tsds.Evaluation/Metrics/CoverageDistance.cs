namespace Tsds.Evaluation.Metrics;

/// <summary>The distance of each held-out target to its nearest selected row. Smaller is better.</summary>
/// <remarks>
/// One-sided: a selection that covers the targets and much else besides covers them. It is transport that may leave
/// rows unused: coverage ≤ W1. From 0 to the diameter; a set covers itself at 0.
/// </remarks>
/// <param name="Distances">One for each target.</param>
internal sealed record CoverageDistance(double[] Distances)
{
    /// <summary>Gets the mean over the targets.</summary>
    public double Mean => Distances.Average();

    /// <summary>Gets the median.</summary>
    public double Median => Statistics.Quantile(Distances, 0.5);

    /// <summary>Gets the 95th percentile: the coverage of the hardest targets.</summary>
    public double Percentile95 => Statistics.Quantile(Distances, 0.95);

    /// <summary>Computes the distance of each target to its nearest row.</summary>
    /// <param name="rows">Shape [rows, dimension], at least one.</param>
    /// <param name="targets">Shape [targets, dimension].</param>
    /// <param name="threadCount">Threads; the result does not depend on it.</param>
    /// <returns>The distances, each with the error of <see cref="DistanceMatrix"/>.</returns>
    public static CoverageDistance Of(EmbeddingMatrix rows, EmbeddingMatrix targets, int threadCount)
    {
        double[] nearest = new double[targets.Count];
        Parallel.For(
            0,
            targets.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount },
            target =>
            {
                ReadOnlySpan<float> vector = targets[target];
                double smallest = double.PositiveInfinity;
                for (int row = 0; row < rows.Count; row++)
                {
                    smallest = Math.Min(smallest, DistanceMatrix.DistanceSquared(vector, rows[row]));
                }

                nearest[target] = Math.Sqrt(smallest);
            }
        );
        return new CoverageDistance(nearest);
    }
}
