using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// A measure of how well targets find each other in an embedding: the rank of a held-out target among rows of the pool,
/// by their distance to the nearest of the other targets.
/// </summary>
/// <param name="Percentiles">For each target, the share of the pool's rows that lie nearer to the other targets than it
/// does, rows at the same distance counted half: 0 if the others find it first, 0.5 where they know nothing of
/// it.</param>
/// <remarks>
/// Rows and targets are centred at the rows' mean and scaled to length 1, as a selection does. Every target is held out
/// once, in five folds. The measure depends on ranks alone, so that embeddings of any kind and length can be compared.
/// </remarks>
internal sealed record TargetAcquaintance(IReadOnlyList<double> Percentiles)
{
    private const int FoldCount = 5;
    private const ulong Seed = 0;

    /// <summary>The smallest number of targets that can be held out from each other.</summary>
    public const int FewestTargets = 2;

    /// <summary>Gets the mean percentile.</summary>
    public double Mean => Percentiles.Average();

    /// <summary>Gets the standard error of the mean over the targets.</summary>
    public double StandardError
    {
        get
        {
            double mean = Mean;
            double squares = Percentiles.Sum(percentile => (percentile - mean) * (percentile - mean));
            return Math.Sqrt(squares / (Percentiles.Count - 1) / Percentiles.Count);
        }
    }

    /// <summary>Measures an embedding.</summary>
    /// <param name="targets">At least <see cref="FewestTargets"/>.</param>
    /// <param name="rows">Some rows of the pool, at least one; the measure takes time in proportion to the product of
    /// both counts.</param>
    /// <param name="threadCount">The number of threads; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static TargetAcquaintance Measure(
        EmbeddingMatrix targets,
        EmbeddingMatrix rows,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targets.Count, FewestTargets);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Count, 1);
        double[] mean = MeanOf(rows);
        EmbeddingMatrix centredTargets = Centre(targets, mean);
        EmbeddingMatrix centredRows = Centre(rows, mean);
        string[] groups = [.. Enumerable.Range(0, targets.Count).Select(target => $"{target}")];
        int[] foldOf = new int[targets.Count];
        IReadOnlyList<TargetFold> folds = TargetSplit.CreateFolds(groups, FoldCount, Seed);
        for (int fold = 0; fold < folds.Count; fold++)
        {
            foreach (int target in folds[fold].HeldOut)
            {
                foldOf[target] = fold;
            }
        }

        double[][] ofRows = SimilaritiesTo(
            centredTargets,
            centredRows,
            foldOf,
            folds.Count,
            threadCount,
            cancellationToken
        );
        double[][] ofTargets = SimilaritiesTo(
            centredTargets,
            centredTargets,
            foldOf,
            folds.Count,
            threadCount,
            cancellationToken
        );
        double[][] ranked =
        [
            .. Enumerable
                .Range(0, folds.Count)
                .Select(fold => ofRows.Select(similarities => similarities[fold]).Order().ToArray()),
        ];
        return new TargetAcquaintance([
            .. Enumerable
                .Range(0, targets.Count)
                .Select(target => ShareAbove(ranked[foldOf[target]], ofTargets[target][foldOf[target]])),
        ]);
    }

    /// <summary>Returns the advantage of this embedding over another, in standard errors.</summary>
    /// <param name="other">The other, of the same targets.</param>
    /// <returns>The mean difference of the percentiles over its standard error: positive where this one is
    /// better.</returns>
    public double AdvantageOver(TargetAcquaintance other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Percentiles.Count, Percentiles.Count);
        double[] differences = [.. other.Percentiles.Zip(Percentiles, (theirs, ours) => theirs - ours)];
        double mean = differences.Average();
        double variance = differences.Sum(difference => (difference - mean) * (difference - mean));
        double error = Math.Sqrt(variance / (differences.Length - 1) / differences.Length);
        return mean == 0 ? 0 : mean / error;
    }

    /// <summary>
    /// Returns, for each vector and each fold held out, the similarity to the nearest target of the other folds.
    /// </summary>
    private static double[][] SimilaritiesTo(
        EmbeddingMatrix targets,
        EmbeddingMatrix vectors,
        int[] foldOf,
        int foldCount,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        double[][] similarities = new double[vectors.Count][];
        Parallel.For(
            0,
            vectors.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threadCount, CancellationToken = cancellationToken },
            vector =>
            {
                double[] each = new double[targets.Count];
                Similarity.Compute(vectors[vector], targets, each);
                double[] nearest = new double[foldCount];
                Array.Fill(nearest, double.NegativeInfinity);
                for (int target = 0; target < each.Length; target++)
                {
                    nearest[foldOf[target]] = Math.Max(nearest[foldOf[target]], each[target]);
                }

                similarities[vector] =
                [
                    .. Enumerable
                        .Range(0, foldCount)
                        .Select(heldOut => nearest.Where((_, fold) => fold != heldOut).Max()),
                ];
            }
        );
        return similarities;
    }

    private static double ShareAbove(double[] ascending, double similarity)
    {
        int first = LowerBound(ascending, similarity);
        int last = LowerBound(ascending, Math.BitIncrement(similarity));
        return (ascending.Length - last + ((last - first) / 2.0)) / ascending.Length;
    }

    private static int LowerBound(double[] ascending, double value)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double[] MeanOf(EmbeddingMatrix rows)
    {
        double[] mean = new double[rows.Dimension];
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> vector = rows[row];
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += vector[i] / (double)rows.Count;
            }
        }

        return mean;
    }

    /// <summary>
    /// Subtracts a mean from vectors and scales them to length 1. A vector equal to the mean stays zero.
    /// </summary>
    private static EmbeddingMatrix Centre(EmbeddingMatrix vectors, double[] mean)
    {
        float[] values = new float[vectors.Count * vectors.Dimension];
        double[] centred = new double[vectors.Dimension];
        for (int row = 0; row < vectors.Count; row++)
        {
            ReadOnlySpan<float> vector = vectors[row];
            double normSquared = 0;
            for (int i = 0; i < centred.Length; i++)
            {
                centred[i] = vector[i] - mean[i];
                normSquared += centred[i] * centred[i];
            }

            double scale = normSquared > 0 ? 1 / Math.Sqrt(normSquared) : 0;
            for (int i = 0; i < centred.Length; i++)
            {
                values[(row * centred.Length) + i] = (float)(centred[i] * scale);
            }
        }

        return new EmbeddingMatrix(values, vectors.Dimension);
    }
}
