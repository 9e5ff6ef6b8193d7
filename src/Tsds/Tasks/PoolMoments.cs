using Tsds.Numerics;

namespace Tsds.Tasks;

/// <summary>Mean and covariance of a sample of a pool. The covariance is kept as the rows that it is made of.</summary>
/// <remarks>
/// Solving with it takes some passes over the sample, n·d steps each, and no d² anywhere: d may be larger than n. All
/// sums have an order of their own that does not depend on threads.
/// </remarks>
internal sealed class PoolMoments
{
    /// <summary>Rows of a partial sum.</summary>
    private const int RowsPerChunk = 256;

    /// <summary>
    /// Steps at most. Each leaves less than (√c − 1)/(√c + 1) of the error; with a ridge of κ mean variances, c is
    /// below 1 + d/κ.
    /// </summary>
    private const int MostSteps = 1_000;

    /// <summary>The residual, relative to the right side, at which a solution is good enough.</summary>
    private const double Tolerance = 1e-12;

    /// <summary>The variance, relative to the mean squared norm, up to which it is rounding of float32.</summary>
    private const double LeastVariance = 1e-13;

    private readonly EmbeddingMatrix _differences;
    private readonly double[] _weights;
    private readonly ParallelOptions _options;

    /// <summary>Computes the moments of a sample.</summary>
    /// <param name="sample">At least one row.</param>
    /// <param name="threadCount">Threads; nothing else depends on them.</param>
    public PoolMoments(PoolSample sample, int threadCount)
    {
        _options = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        _weights = sample.Weights;
        Mean = sample.Mean();
        EmbeddingMatrix rows = sample.Rows;
        float[] differences = new float[rows.Values.Length];
        double normSquared = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            Span<float> difference = differences.AsSpan(row * rows.Dimension, rows.Dimension);
            for (int i = 0; i < difference.Length; i++)
            {
                difference[i] = (float)(rows[row][i] - Mean[i]);
            }

            normSquared += _weights[row] * DistanceKernels.NormSquared(rows[row]);
            Variance += _weights[row] * DistanceKernels.NormSquared(difference);
        }

        _differences = new EmbeddingMatrix(differences, rows.Dimension);
        Variance = Variance > LeastVariance * normSquared ? Variance : 0;
    }

    /// <summary>Gets μ_P, length d.</summary>
    public double[] Mean { get; }

    /// <summary>Gets tr Σ_P: the mean squared distance of a row from the mean; 0 where it is but rounding.</summary>
    public double Variance { get; }

    private int Dimension => _differences.Dimension;

    /// <summary>vᵀ Σ_P v of a solution: the variance of v·x over the pool.</summary>
    /// <param name="solution">v.</param>
    /// <param name="difference">The right side that it solves.</param>
    /// <param name="ridge">The ridge.</param>
    public static double VarianceAlong(double[] solution, double[] difference, double ridge) =>
        Math.Max(0, Dot(solution, difference) - (ridge * Dot(solution, solution)));

    /// <summary>Solves (Σ_P + ridge·I) v = difference by conjugate gradients.</summary>
    /// <param name="difference">The right side, length d.</param>
    /// <param name="ridge">Positive.</param>
    /// <param name="tolerance">The residual, relative to the right side, at which the solution is good enough.</param>
    /// <seealso href="https://doi.org/10.6028/jres.049.044">Hestenes, Stiefel 1952, Methods of conjugate gradients for
    /// solving linear systems</seealso>
    public double[] Solve(double[] difference, double ridge, double tolerance = Tolerance)
    {
        double[] solution = new double[Dimension];
        double[] residual = [.. difference];
        double[] search = [.. difference];
        double square = Dot(residual, residual);
        double enough = tolerance * tolerance * square;
        for (int step = 0; step < MostSteps && square > enough; step++)
        {
            double[] image = Multiply(search, ridge);
            double length = square / Dot(search, image);
            double before = square;
            for (int i = 0; i < solution.Length; i++)
            {
                solution[i] += length * search[i];
                residual[i] -= length * image[i];
            }

            square = Dot(residual, residual);
            for (int i = 0; i < search.Length; i++)
            {
                search[i] = residual[i] + (square / before * search[i]);
            }
        }

        return solution;
    }

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>(Σ_P + ridge·I) x.</summary>
    private double[] Multiply(double[] x, double ridge)
    {
        double[][] parts = new double[(_differences.Count + RowsPerChunk - 1) / RowsPerChunk][];
        Parallel.For(
            0,
            parts.Length,
            _options,
            chunk =>
            {
                parts[chunk] = new double[Dimension];
                int end = Math.Min(_differences.Count, (chunk + 1) * RowsPerChunk);
                for (int row = chunk * RowsPerChunk; row < end; row++)
                {
                    SampleKernels.AddScaled(
                        parts[chunk],
                        _differences[row],
                        SampleKernels.Dot(x, _differences[row]) * _weights[row]
                    );
                }
            }
        );
        double[] image = Array.ConvertAll(x, value => ridge * value);
        foreach (double[] part in parts)
        {
            for (int i = 0; i < image.Length; i++)
            {
                image[i] += part[i];
            }
        }

        return image;
    }
}
