using CsCheck;
using Tsds.Numerics;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Numerics;

public sealed class DistanceKernelsTests
{
    [Fact]
    public void DistanceSquared_EveryDimensionAndAlignment_EqualsTheDefinitionToTheBit()
    {
        for (int dimension = 1; dimension <= 257; dimension++)
        {
            EmbeddingMatrix matrix = Vectors.Create(dimension, 2, dimension + 3, VectorKind.Spread);
            ReadOnlySpan<float> x = matrix[0].Slice(dimension % 4, dimension);
            ReadOnlySpan<float> y = matrix[1].Slice((dimension + 1) % 4, dimension);
            Assert.Equal(DistanceKernels.DistanceSquaredScalar(x, y), DistanceKernels.DistanceSquared(x, y));
            Assert.Equal(DistanceKernels.NormSquaredScalar(x), DistanceKernels.NormSquared(x));
            Assert.Equal(0, DistanceKernels.DistanceSquared(x, x));
            Assert.Equal(DistanceKernels.NormSquared(x), DistanceKernels.Dot(x, x));
        }
    }

    [Fact]
    public void DistanceSquared_EveryDimension_AgreesWithAPlainSum()
    {
        for (int dimension = 1; dimension <= 257; dimension++)
        {
            EmbeddingMatrix matrix = Vectors.Create(dimension, 2, dimension, VectorKind.Lengths);
            double expected = 0;
            for (int p = 0; p < dimension; p++)
            {
                double difference = (double)matrix[0][p] - matrix[1][p];
                expected += difference * difference;
            }

            Assert.Equal(expected, DistanceKernels.DistanceSquared(matrix[0], matrix[1]), 1e-13 * expected);
        }
    }

    [Fact]
    public void Dot4_EveryDimension_EqualsDotToTheBit()
    {
        for (int dimension = 1; dimension <= 257; dimension++)
        {
            EmbeddingMatrix rows = Vectors.Create(dimension, 6, dimension, VectorKind.Lengths);
            double[] widened = new double[dimension];
            DistanceKernels.Widen(rows[5], widened);
            double[] products = new double[4];
            DistanceKernels.Dot4(widened, rows.Values.Span, [3, 0, 5, 1], products);
            double plain = 0;
            for (int p = 0; p < dimension; p++)
            {
                plain += (double)rows[5][p] * rows[3][p];
            }

            Assert.Equal(DistanceKernels.Dot(rows[5], rows[3]), products[0]);
            Assert.Equal(DistanceKernels.Dot(rows[5], rows[0]), products[1]);
            Assert.Equal(DistanceKernels.NormSquared(rows[5]), products[2]);
            Assert.Equal(DistanceKernels.Dot(rows[5], rows[1]), products[3]);
            Assert.Equal(
                plain,
                products[0],
                1e-12 * Math.Sqrt(DistanceKernels.NormSquared(rows[5]) * DistanceKernels.NormSquared(rows[3]))
            );
        }
    }

    [Fact]
    public void DistanceSquared_NotANumber_IsNotANumber()
    {
        float[] x = new float[19];
        x[17] = float.NaN;
        Assert.True(double.IsNaN(DistanceKernels.DistanceSquared(x, new float[19])));
    }

    [Fact]
    public void ExactProducts_AnyRows_EqualDotToTheBit()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 70], Gen.Int[1, 300], Gen.Int[1, 16], Vectors.Kinds)
            .Sample(
                (seed, count, dimension, queryCount, kind) =>
                {
                    EmbeddingMatrix rows = Vectors.Create(seed, count, dimension, kind);
                    EmbeddingMatrix queries = Vectors.Create(seed + 1, 20, dimension, kind);
                    int[] panel = [.. Enumerable.Range(0, queryCount).Select(q => q * 7 % 20)];
                    ExactProducts products = new(dimension, 16, count);
                    int[] list = [.. Enumerable.Range(0, count).Reverse(), .. new int[PanelKernel.TileRows]];
                    for (int row = 0; row < count; row++)
                    {
                        products.AddRow(row, rows[row]);
                    }

                    ReadOnlySpan<double> found = products.Multiply(list, count, queries, panel);
                    for (int n = 0; n < count; n++)
                    {
                        for (int q = 0; q < queryCount; q++)
                        {
                            Assert.Equal(DistanceKernels.Dot(rows[list[n]], queries[panel[q]]), found[(n * 16) + q]);
                        }
                    }
                },
                iter: 200
            );
    }
}
