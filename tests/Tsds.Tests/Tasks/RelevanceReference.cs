namespace Tsds.Tests.Tasks;

/// <summary>
/// Relevance written down once more as it is defined, without a thought for speed: dense matrices, Gaussian
/// elimination, everything in double.
/// </summary>
internal sealed class RelevanceReference
{
    public RelevanceReference(
        (double[][] Rows, double[] Weights) pool,
        double[][] targets,
        double[] targetWeights,
        double relevance
    )
    {
        (double[][] candidates, double[] weights) = pool;
        double[] poolMean = Mean(candidates, weights);
        double[] targetMean = Mean(targets, targetWeights);
        int dimension = poolMean.Length;
        double[][] covariance = [.. Enumerable.Range(0, dimension).Select(_ => new double[dimension])];
        for (int j = 0; j < candidates.Length; j++)
        {
            for (int a = 0; a < dimension; a++)
            {
                for (int b = 0; b < dimension; b++)
                {
                    covariance[a][b] +=
                        weights[j] * (candidates[j][a] - poolMean[a]) * (candidates[j][b] - poolMean[b]);
                }
            }
        }

        double variance = Enumerable.Range(0, dimension).Sum(a => covariance[a][a]);
        double[] difference = [.. targetMean.Zip(poolMean, (q, p) => q - p)];
        double count = 1 / EffectiveWeights(targets, targetWeights).Sum(weight => weight * weight);
        double spread = targets.Select((target, i) => targetWeights[i] * DistanceSquared(target, targetMean)).Sum();
        Reliability = Math.Clamp(
            1 - (((variance / count) + spread) / (count * difference.Sum(value => value * value))),
            0,
            1
        );
        Costs = new double[candidates.Length];
        if (Reliability == 0 || variance < 1e-12)
        {
            Reliability = 0;
            return;
        }

        double[][] ridged = [.. covariance.Select(row => row.ToArray())];
        for (int a = 0; a < dimension; a++)
        {
            ridged[a][a] += 5 * variance / dimension;
        }

        double[] v = Solve(ridged, difference);
        double median = WeightedMedian([.. targets.Select(target => Dot(v, target))], targetWeights);
        double range = median - Dot(v, poolMean);
        if (range <= 0)
        {
            Reliability = 0;
            return;
        }

        double deviation = Math.Sqrt(v.Select((value, a) => value * Dot(covariance[a], v)).Sum());
        for (int j = 0; j < candidates.Length; j++)
        {
            double lacking = (median - Dot(v, candidates[j])) / Math.Max(range, deviation);
            Costs[j] = relevance * Reliability * variance * Math.Max(0, lacking);
        }
    }

    public double Reliability { get; }

    public double[] Costs { get; }

    /// <summary>Rows normalized, and centered where there is a spread.</summary>
    public static (double[][] Candidates, double[][] Targets) Center(
        EmbeddingMatrix candidates,
        EmbeddingMatrix targets
    )
    {
        double[][] rows = [.. Enumerable.Range(0, candidates.Count).Select(j => Unit(Row(candidates, j)))];
        double[] mean = Mean(rows, CopyWeights(rows));
        if (rows.All(row => DistanceSquared(row, mean) < 1e-12))
        {
            mean = new double[mean.Length];
        }

        return (
            [.. rows.Select(row => Unit(Minus(row, mean)))],
            [.. Enumerable.Range(0, targets.Count).Select(i => Unit(Minus(Unit(Row(targets, i)), mean)))]
        );
    }

    public static double[] Row(EmbeddingMatrix matrix, int row) =>
        Array.ConvertAll(matrix[row].ToArray(), value => (double)value);

    public static double DistanceSquared(double[] x, double[] y) => x.Zip(y, (a, b) => (a - b) * (a - b)).Sum();

    /// <summary>Copies within a tenth of the spread share the weight of one row.</summary>
    public static double[] CopyWeights(double[][] rows)
    {
        double[] equal = [.. rows.Select(_ => 1.0 / rows.Length)];
        double[] mean = Mean(rows, equal);
        double variance = rows.Average(row => DistanceSquared(row, mean));
        if (variance < 1e-12)
        {
            return equal;
        }

        double[] densities =
        [
            .. rows.Select(x => rows.Sum(y => Math.Max(0, 1 - (DistanceSquared(x, y) / (0.01 * variance))))),
        ];
        double total = densities.Sum(density => 1 / density);
        return Array.ConvertAll(densities, density => 1 / density / total);
    }

    private static double[] EffectiveWeights(double[][] targets, double[] weights) =>
        [
            .. Enumerable
                .Range(0, targets.Length)
                .GroupBy(i => string.Join(' ', targets[i]))
                .Select(group => group.Sum(i => weights[i])),
        ];

    private static double WeightedMedian(double[] values, double[] weights)
    {
        double cumulated = 0;
        foreach (int i in Enumerable.Range(0, values.Length).OrderBy(i => values[i]))
        {
            cumulated += weights[i];
            if (cumulated >= 0.5 - 1e-9)
            {
                return values[i];
            }
        }

        return values.Max();
    }

    private static double[] Mean(double[][] rows, double[] weights) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(a => rows.Select((row, j) => weights[j] * row[a]).Sum())];

    private static double[] Minus(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a - b)];

    public static double[] Unit(double[] x)
    {
        double norm = Math.Sqrt(x.Sum(value => value * value));
        return norm < 1e-6 ? new double[x.Length] : [.. x.Select(value => value / norm)];
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double[] Solve(double[][] matrix, double[] right)
    {
        double[] x = [.. right];
        for (int pivot = 0; pivot < x.Length; pivot++)
        {
            for (int row = 0; row < x.Length; row++)
            {
                if (row != pivot)
                {
                    double factor = matrix[row][pivot] / matrix[pivot][pivot];
                    for (int column = pivot; column < x.Length; column++)
                    {
                        matrix[row][column] -= factor * matrix[pivot][column];
                    }

                    x[row] -= factor * x[pivot];
                }
            }
        }

        return [.. x.Select((value, row) => value / matrix[row][row])];
    }
}
