using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Tsds.Sampling;
using Lanes = System.Numerics.Vector<double>;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The two directions in which embeddings differ most: principal components of pool and targets, each group weighing
/// half.
/// </summary>
/// <remarks>
/// By orthogonal iteration on a block of a few directions (Halko, Martinsson, Tropp 2011, section 4.5) in double and in
/// fixed order: the same bits on any processor. The plane is as good as a few iterations make it; the shares of
/// variance are those of this plane, exactly.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/0909.4061"/>
internal sealed class PrincipalPlane
{
    private const int BlockSize = 8;
    private const int Iterations = 8;

    private readonly double[] _mean;
    private readonly double[] _axes;

    private PrincipalPlane(double[] mean, double[] axes, double firstShare, double secondShare)
    {
        _mean = mean;
        _axes = axes;
        FirstShare = firstShare;
        SecondShare = secondShare;
    }

    /// <summary>Gets the share of the weighted variance along the first direction, from 0 to 1.</summary>
    public double FirstShare { get; }

    /// <summary>Gets the share of the weighted variance along the second direction, from 0 to 1.</summary>
    public double SecondShare { get; }

    /// <summary>Computes the plane of pool and targets.</summary>
    /// <param name="pool">A sample of the pool, at least one row.</param>
    /// <param name="targets">A sample of the targets, at least one.</param>
    public static PrincipalPlane Fit(EmbeddingMatrix pool, EmbeddingMatrix targets)
    {
        int dimension = pool.Dimension;
        double[] mean = new double[dimension];
        (EmbeddingMatrix Rows, double Weight)[] groups = [(pool, 0.5 / pool.Count), (targets, 0.5 / targets.Count)];
        foreach ((EmbeddingMatrix rows, double weight) in groups)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                for (int i = 0; i < dimension; i++)
                {
                    mean[i] += weight * rows[row][i];
                }
            }
        }

        // Shape [dimension, BlockSize], row-major: a product with a row of embeddings runs over both in order.
        double[] block = RandomSigns(dimension);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormalize(block);
            block = Multiply(groups, mean, block);
        }

        Orthonormalize(block);
        return Resolve(groups, mean, block);
    }

    /// <summary>Returns the coordinates of an embedding in the plane.</summary>
    public (double X, double Y) Project(ReadOnlySpan<float> embedding)
    {
        double x = 0;
        double y = 0;
        for (int i = 0; i < embedding.Length; i++)
        {
            double centered = embedding[i] - _mean[i];
            x += centered * _axes[2 * i];
            y += centered * _axes[(2 * i) + 1];
        }

        return (x, y);
    }

    private static double[] RandomSigns(int dimension)
    {
        CounterRandom random = new(0, 0);
        double[] block = new double[dimension * BlockSize];
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (random.Bits((ulong)i) & 1) == 0 ? 1 : -1;
        }

        return block;
    }

    /// <summary>Multiplies the covariance by a block, a row at a time: Σ w (x − m)((x − m)ᵀ block).</summary>
    private static double[] Multiply((EmbeddingMatrix Rows, double Weight)[] groups, double[] mean, double[] block)
    {
        double[] product = new double[block.Length];
        foreach ((double[] centered, double[] coordinates, double weight) in Coordinates(groups, mean, block))
        {
            AddOuterProduct(centered, coordinates, weight, product);
        }

        return product;
    }

    /// <summary>Enumerates all rows; the arrays are reused for the next row.</summary>
    private static IEnumerable<(double[] Centered, double[] Coordinates, double Weight)> Coordinates(
        (EmbeddingMatrix Rows, double Weight)[] groups,
        double[] mean,
        double[] block
    )
    {
        double[] centered = new double[mean.Length];
        double[] coordinates = new double[BlockSize];
        foreach ((EmbeddingMatrix rows, double weight) in groups)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                Center(rows[row], mean, centered);
                MultiplyBlock(centered, block, coordinates);
                yield return (centered, coordinates, weight);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Center(ReadOnlySpan<float> row, ReadOnlySpan<double> mean, Span<double> centered)
    {
        for (int i = 0; i < row.Length; i++)
        {
            centered[i] = row[i] - mean[i];
        }
    }

    /// <summary>
    /// Computes the coordinates of a row along the directions of a block. Each is a sum of its own, multiplied and
    /// added without fusing, so that the bits do not depend on the width of the registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyBlock(
        ReadOnlySpan<double> centered,
        ReadOnlySpan<double> block,
        Span<double> coordinates
    )
    {
        for (int k = 0; k < BlockSize; k += Lanes.Count)
        {
            Lanes sum = Lanes.Zero;
            for (int i = 0; i < centered.Length; i++)
            {
                sum += new Lanes(centered[i]) * new Lanes(block[((i * BlockSize) + k)..]);
            }

            sum.CopyTo(coordinates[k..]);
        }
    }

    /// <summary>Adds w·(x − m)·coordinatesᵀ to a product, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOuterProduct(
        ReadOnlySpan<double> centered,
        ReadOnlySpan<double> coordinates,
        double weight,
        Span<double> product
    )
    {
        for (int k = 0; k < BlockSize; k += Lanes.Count)
        {
            Lanes along = new(coordinates[k..]);
            for (int i = 0; i < centered.Length; i++)
            {
                Span<double> sum = product.Slice((i * BlockSize) + k, Lanes.Count);
                (new Lanes(sum) + (new Lanes(weight * centered[i]) * along)).CopyTo(sum);
            }
        }
    }

    /// <summary>
    /// Orthonormalizes a block by Gram-Schmidt, twice, because once is not enough for nearly parallel directions. A
    /// direction that vanishes remains zero.
    /// </summary>
    private static void Orthonormalize(double[] block)
    {
        for (int k = 0; k < BlockSize; k++)
        {
            double before = Math.Sqrt(Dot(block, k, k));
            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < k; other++)
                {
                    double product = Dot(block, k, other);
                    for (int i = 0; i < block.Length; i += BlockSize)
                    {
                        block[i + k] -= product * block[i + other];
                    }
                }
            }

            double norm = Math.Sqrt(Dot(block, k, k));
            double inverse = norm > 1e-9 * before ? 1 / norm : 0;
            for (int i = 0; i < block.Length; i += BlockSize)
            {
                block[i + k] *= inverse;
            }
        }
    }

    private static double Dot(double[] block, int first, int second)
    {
        double sum = 0;
        for (int i = 0; i < block.Length; i += BlockSize)
        {
            sum += block[i + first] * block[i + second];
        }

        return sum;
    }

    /// <summary>
    /// Rotates the block so that its directions do not covary, and keeps the two with the largest variance.
    /// </summary>
    private static PrincipalPlane Resolve((EmbeddingMatrix Rows, double Weight)[] groups, double[] mean, double[] block)
    {
        Matrix<double> covariance = Matrix<double>.Build.Dense(BlockSize, BlockSize);
        double variance = 0;
        foreach ((double[] centered, double[] coordinates, double weight) in Coordinates(groups, mean, block))
        {
            foreach (double value in centered)
            {
                variance += weight * value * value;
            }

            for (int k = 0; k < BlockSize; k++)
            {
                for (int l = 0; l < BlockSize; l++)
                {
                    covariance[k, l] += weight * coordinates[k] * coordinates[l];
                }
            }
        }

        // The library sorts ascending.
        Evd<double> eigen = covariance.Evd(Symmetricity.Symmetric);
        double[] axes = new double[mean.Length * 2];
        for (int axis = 0; axis < 2; axis++)
        {
            double[] direction = [.. eigen.EigenVectors.Column(BlockSize - 1 - axis)];
            double sign = direction.MaxBy(Math.Abs) < 0 ? -1 : 1;
            for (int i = 0; i < mean.Length; i++)
            {
                for (int k = 0; k < BlockSize; k++)
                {
                    axes[(2 * i) + axis] += sign * direction[k] * block[(i * BlockSize) + k];
                }
            }
        }

        double Share(int axis) =>
            variance > 0 ? Math.Max(0, eigen.EigenValues[BlockSize - 1 - axis].Real) / variance : 0;
        return new PrincipalPlane(mean, axes, Share(0), Share(1));
    }
}
