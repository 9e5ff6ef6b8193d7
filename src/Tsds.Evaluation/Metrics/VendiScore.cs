using MathNet.Numerics.LinearAlgebra;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The effective number of different rows in a set: the effective number of eigenvalues of its cosine Gram matrix K/n.
/// </summary>
/// <remarks>
/// Order 1: exp(−Σ λ ln λ); order 2: 1/Σ λ²; order ∞: 1/max λ. Each from 1 (all rows alike) to n (all orthogonal),
/// falling with the order. Rows are divided by their length first, so that Σ λ = 1; rows without length are left out.
/// Eigenvalues come from the smaller of K/n [n, n] and Σ xxᵀ/n [d, d], which share those that are not 0. Grows with n:
/// compare at equal n only.
/// </remarks>
/// <param name="Order1">The Vendi score.</param>
/// <param name="Order2">Weighs common rows more.</param>
/// <param name="OrderInfinity">The reciprocal of the largest eigenvalue.</param>
/// <seealso href="https://arxiv.org/abs/2210.02410">Friedman, Dieng 2023, The Vendi Score</seealso>
/// <seealso href="https://arxiv.org/abs/2310.12952">Pasarkar, Dieng 2024, Cousins of the Vendi Score</seealso>
internal sealed record VendiScore(double Order1, double Order2, double OrderInfinity)
{
    /// <summary>Computes the score of a set.</summary>
    /// <param name="points">Shape [n, dimension].</param>
    /// <param name="center">The vector subtracted from every row before it is divided by its length, or empty:
    /// embeddings of language models share a large mean, which hides all else.</param>
    public static VendiScore Of(EmbeddingMatrix points, ReadOnlySpan<double> center = default)
    {
        Matrix<double> rows = Matrix<double>.Build.Dense(points.Count, points.Dimension);
        int count = 0;
        for (int row = 0; row < points.Count; row++)
        {
            count += TryFill(rows, count, points[row], center) ? 1 : 0;
        }

        if (count == 0)
        {
            return new VendiScore(double.NaN, double.NaN, double.NaN);
        }

        rows = rows.SubMatrix(0, count, 0, points.Dimension);
        Matrix<double> gram =
            count <= points.Dimension ? rows.TransposeAndMultiply(rows) : rows.TransposeThisAndMultiply(rows);
        IEnumerable<double> eigenvalues = (gram / count)
            .Evd(Symmetricity.Symmetric)
            .EigenValues.Select(value => Math.Max(0, value.Real));
        double entropy = 0;
        double squares = 0;
        double largest = 0;
        foreach (double value in eigenvalues)
        {
            entropy -= value > 0 ? value * Math.Log(value) : 0;
            squares += value * value;
            largest = Math.Max(largest, value);
        }

        return new VendiScore(Math.Exp(entropy), 1 / squares, 1 / largest);
    }

    /// <summary>Returns the mean of the rows.</summary>
    public static double[] MeanOf(EmbeddingMatrix points)
    {
        double[] mean = new double[points.Dimension];
        for (int row = 0; row < points.Count; row++)
        {
            ReadOnlySpan<float> point = points[row];
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += point[i] / (double)points.Count;
            }
        }

        return mean;
    }

    private static bool TryFill(Matrix<double> rows, int row, ReadOnlySpan<float> point, ReadOnlySpan<double> center)
    {
        double squares = 0;
        double[] values = new double[point.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = point[i] - (center.IsEmpty ? 0 : center[i]);
            squares += values[i] * values[i];
        }

        if (!(squares > 0))
        {
            return false;
        }

        double length = Math.Sqrt(squares);
        for (int i = 0; i < values.Length; i++)
        {
            rows[row, i] = values[i] / length;
        }

        return true;
    }
}
