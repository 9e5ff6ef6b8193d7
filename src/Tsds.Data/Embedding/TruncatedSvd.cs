using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Tsds.Data.Embedding;

/// <summary>The leading right singular vectors of a sparse matrix, by a randomized range finder with power iterations.</summary>
/// <seealso href="https://doi.org/10.1137/090771806">Halko, Martinsson, Tropp 2011, Finding structure with randomness</seealso>
internal sealed record TruncatedSvd(float[] RightVectors, double[] SingularValues)
{
    private const int Oversampling = 16;
    private const int PowerIterations = 2;

    /// <summary>A direction with less than this share of the largest singular value is rounding.</summary>
    private const double SmallestShare = 1e-5;

    /// <summary>Computes up to <paramref name="rank"/> vectors.</summary>
    /// <param name="matrix">Shape [rows, columns].</param>
    /// <param name="rank">How many at most; fewer where the matrix has a smaller rank.</param>
    /// <param name="parallel">Threads and cancellation. The result does not depend on the threads.</param>
    /// <param name="progress">Receives the products done, of <see cref="StepCount"/>; may be null.</param>
    /// <returns>Right vectors, shape [columns, <paramref name="rank"/>], zero beyond the rank; singular values, descending.</returns>
    public static TruncatedSvd Compute(SparseMatrix matrix, int rank, ParallelOptions parallel, IProgress<long>? progress)
    {
        SparseMatrix transpose = matrix.Transpose();
        int width = Math.Min(rank + Oversampling, Math.Min(matrix.RowCount, matrix.ColumnCount));
        long step = 0;
        float[] range = matrix.Multiply(RandomSigns(matrix.ColumnCount, width), width, parallel);
        for (int iteration = 0; iteration < PowerIterations; iteration++)
        {
            Orthonormalize(range, width, parallel);
            range = matrix.Multiply(transpose.Multiply(range, width, parallel), width, parallel);
            progress?.Report(++step);
        }

        Orthonormalize(range, width, parallel);
        float[] projected = transpose.Multiply(range, width, parallel);
        progress?.Report(++step);

        // BᵀB has the squared singular values and, through B, the right vectors.
        Evd<double> eigen = ToMatrix(Gram(projected, width, parallel), width).Evd(Symmetricity.Symmetric);
        int kept = 0;
        double[] singularValues = new double[Math.Min(rank, width)];
        double largest = Math.Sqrt(Math.Max(0, eigen.EigenValues[width - 1].Real));
        float[] weights = new float[width * rank];
        for (; kept < singularValues.Length; kept++)
        {
            // The library sorts ascending.
            int position = width - 1 - kept;
            double value = Math.Sqrt(Math.Max(0, eigen.EigenValues[position].Real));
            if (value <= SmallestShare * largest)
            {
                break;
            }

            singularValues[kept] = value;
            double sign = SignOf(eigen.EigenVectors.Column(position));
            for (int i = 0; i < width; i++)
            {
                weights[(i * rank) + kept] = (float)(sign * eigen.EigenVectors[i, position] / value);
            }
        }

        return new TruncatedSvd(MultiplyDense(projected, width, weights, rank, parallel), singularValues[..kept]);
    }

    /// <summary>Gets how many products a computation reports.</summary>
    public static int StepCount => PowerIterations + 1;

    private static float[] RandomSigns(int rows, int width)
    {
        float[] signs = new float[checked(rows * width)];
        for (int i = 0; i < signs.Length; i++)
        {
            signs[i] = (SplitMix.Mix((ulong)i) & 1) == 0 ? 1 : -1;
        }

        return signs;
    }

    /// <summary>
    /// Makes the columns orthonormal, XE/√λ with the eigenvectors E of XᵀX, twice: the second time repairs what the first rounds.
    /// Columns that depend on others become zero.
    /// </summary>
    private static void Orthonormalize(float[] matrix, int width, ParallelOptions parallel)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            Evd<double> eigen = ToMatrix(Gram(matrix, width, parallel), width).Evd(Symmetricity.Symmetric);
            double largest = eigen.EigenValues[width - 1].Real;
            float[] factor = new float[width * width];
            for (int j = 0; j < width; j++)
            {
                double value = eigen.EigenValues[j].Real;
                double scale = value > SmallestShare * SmallestShare * largest ? 1 / Math.Sqrt(value) : 0;
                for (int i = 0; i < width; i++)
                {
                    factor[(i * width) + j] = (float)(eigen.EigenVectors[i, j] * scale);
                }
            }

            MultiplyDense(matrix, width, factor, width, parallel).CopyTo(matrix, 0);
        }
    }

    /// <summary>XᵀX in double, by blocks of rows combined in their order.</summary>
    private static double[] Gram(float[] matrix, int width, ParallelOptions parallel)
    {
        const int BlockRows = 2048;
        int rows = matrix.Length / width;
        int blocks = (rows + BlockRows - 1) / BlockRows;
        double[] sum = new double[width * width];
        object gate = new();
        int turn = 0;
        double[]?[] waiting = new double[blocks][];
        Parallel.For(0, blocks, parallel, block =>
        {
            double[] partial = new double[width * width];
            for (int row = block * BlockRows; row < Math.Min(rows, (block + 1) * BlockRows); row++)
            {
                ReadOnlySpan<float> values = matrix.AsSpan(row * width, width);
                for (int i = 0; i < width; i++)
                {
                    AddScaled(partial.AsSpan((i * width) + i, width - i), values[i..], values[i]);
                }
            }

            lock (gate)
            {
                waiting[block] = partial;
                for (; turn < blocks && waiting[turn] is { } ready; turn++)
                {
                    for (int i = 0; i < sum.Length; i++)
                    {
                        sum[i] += ready[i];
                    }

                    waiting[turn] = null;
                }
            }
        });
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum[(i * width) + j] = sum[(j * width) + i];
            }
        }

        return sum;
    }

    private static void AddScaled(Span<double> sum, ReadOnlySpan<float> row, double scale)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += row[i] * scale;
        }
    }

    private static float[] MultiplyDense(float[] left, int inner, float[] right, int width, ParallelOptions parallel)
    {
        float[] product = new float[checked(left.Length / inner * width)];
        Parallel.For(0, left.Length / inner, parallel, row =>
        {
            Span<float> sum = product.AsSpan(row * width, width);
            for (int i = 0; i < inner; i++)
            {
                SparseMatrix.AddScaled(sum, right.AsSpan(i * width, width), left[(row * inner) + i]);
            }
        });
        return product;
    }

    private static Matrix<double> ToMatrix(double[] values, int width) => Matrix<double>.Build.DenseOfRowMajor(width, width, values);

    /// <summary>An eigenvector's sign is free: its largest element is made positive, so that it does not depend on the library.</summary>
    private static double SignOf(Vector<double> vector) => vector[vector.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
}
