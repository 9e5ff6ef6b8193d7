using System.Buffers;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Tsds.Sampling;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// The leading right singular vectors of a sparse matrix, by a randomized range finder with power iterations.
/// </summary>
/// <seealso href="https://doi.org/10.1137/090771806">Halko, Martinsson, Tropp 2011, Finding structure with
/// randomness</seealso>
internal sealed record TruncatedSvd(float[] RightVectors, int Stride, double[] SingularValues)
{
    private const int Oversampling = 16;
    private const int PowerIterations = 2;

    /// <summary>The share of the largest singular value below which a direction is rounding error.</summary>
    private const double SmallestShare = 1e-5;

    /// <summary>Computes up to <paramref name="rank"/> vectors.</summary>
    /// <param name="matrix">Shape [rows, columns].</param>
    /// <param name="rank">How many at most; fewer where the matrix has a smaller rank.</param>
    /// <param name="parallel">Threads and cancellation. The result does not depend on the threads.</param>
    /// <param name="progress">Receives the products done, of <see cref="StepCount"/>; may be null.</param>
    /// <returns>
    /// Right vectors, shape [columns, stride], of which the first columns belong to the singular values, descending.
    /// </returns>
    public static TruncatedSvd Compute(
        SparseMatrix matrix,
        int rank,
        ParallelOptions parallel,
        IProgress<long>? progress
    )
    {
        SparseMatrix transpose = matrix.Transpose();
        int width = Math.Min(rank + Oversampling, Math.Min(matrix.RowCount, matrix.ColumnCount));
        long step = 0;

        // Two buffers serve all products: they take most of the memory of a fit.
        float[] range = new float[checked(matrix.RowCount * width)];
        float[] projected = new float[checked(matrix.ColumnCount * width)];
        FillRandomSigns(projected, parallel);
        matrix.Multiply(projected, width, range, parallel);
        for (int iteration = 0; iteration < PowerIterations; iteration++)
        {
            Orthonormalize(range, width, parallel);
            transpose.Multiply(range, width, projected, parallel);
            matrix.Multiply(projected, width, range, parallel);
            progress?.Report(++step);
        }

        Orthonormalize(range, width, parallel);
        transpose.Multiply(range, width, projected, parallel);
        progress?.Report(++step);

        // BᵀB has the squared singular values and, through B, the right vectors.
        Evd<double> eigen = ToMatrix(Gram(projected, width, parallel), width).Evd(Symmetricity.Symmetric);
        int kept = 0;
        double[] singularValues = new double[Math.Min(rank, width)];
        double largest = Math.Sqrt(Math.Max(0, eigen.EigenValues[width - 1].Real));
        float[] weights = new float[width * width];
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
                weights[(i * width) + kept] = (float)(sign * eigen.EigenVectors[i, position] / value);
            }
        }

        MultiplyInPlace(projected, width, weights, parallel);
        return new TruncatedSvd(projected, width, singularValues[..kept]);
    }

    /// <summary>
    /// Returns a row of the right vectors: the contribution of one column of the matrix to the leading components.
    /// </summary>
    public ReadOnlySpan<float> RowOf(int column) => RightVectors.AsSpan(column * Stride, SingularValues.Length);

    /// <summary>Gets the number of products that a computation reports.</summary>
    public static int StepCount => PowerIterations + 1;

    private static void FillRandomSigns(float[] signs, ParallelOptions parallel)
    {
        const int Part = 1 << 16;
        Parallel.For(
            0,
            (signs.Length + Part - 1) / Part,
            parallel,
            part =>
            {
                for (int i = part * Part; i < Math.Min(signs.Length, (part + 1) * Part); i++)
                {
                    signs[i] = (SplitMix.Mix((ulong)i) & 1) == 0 ? 1 : -1;
                }
            }
        );
    }

    /// <summary>
    /// Makes the columns orthonormal, XE/√λ with the eigenvectors E of XᵀX, twice, because the second time corrects the
    /// rounding of the first. Columns that depend on others become zero.
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

            MultiplyInPlace(matrix, width, factor, parallel);
        }
    }

    /// <summary>Returns XᵀX in double, by blocks of rows that are combined in order.</summary>
    private static double[] Gram(float[] matrix, int width, ParallelOptions parallel)
    {
        const int BlockRows = 2048;
        int rows = matrix.Length / width;
        int blocks = (rows + BlockRows - 1) / BlockRows;
        double[] sum = new double[width * width];
        object gate = new();
        int turn = 0;
        double[]?[] waiting = new double[blocks][];
        Parallel.For(
            0,
            blocks,
            parallel,
            block =>
            {
                double[] partial = ArrayPool<double>.Shared.Rent(sum.Length);
                DenseKernels.Gram(
                    matrix.AsSpan(block * BlockRows * width, Math.Min(rows - (block * BlockRows), BlockRows) * width),
                    width,
                    partial
                );
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
                        ArrayPool<double>.Shared.Return(ready);
                    }
                }
            }
        );
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum[(i * width) + j] = sum[(j * width) + i];
            }
        }

        return sum;
    }

    /// <summary>Replaces each row x of a matrix by x·right, right of shape [width, width].</summary>
    private static void MultiplyInPlace(float[] matrix, int width, float[] right, ParallelOptions parallel)
    {
        const int BlockRows = 64;
        int rows = matrix.Length / width;
        float[] panels = DenseKernels.Pack(right, width);
        Parallel.For(
            0,
            (rows + BlockRows - 1) / BlockRows,
            parallel,
            block =>
                DenseKernels.MultiplyInPlace(
                    matrix.AsSpan(block * BlockRows * width, Math.Min(rows - (block * BlockRows), BlockRows) * width),
                    width,
                    panels
                )
        );
    }

    private static Matrix<double> ToMatrix(double[] values, int width) =>
        Matrix<double>.Build.DenseOfRowMajor(width, width, values);

    /// <summary>
    /// Returns the sign that makes an eigenvector's largest element positive. The sign is free, and so does not depend
    /// on the library.
    /// </summary>
    private static double SignOf(Vector<double> vector) => vector[vector.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
}
