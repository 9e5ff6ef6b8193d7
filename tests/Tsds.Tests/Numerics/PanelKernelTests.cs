using Tsds.Numerics;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Numerics;

public sealed class PanelKernelTests
{
    private static readonly int[] Dimensions = [.. Enumerable.Range(1, 257), 511, 512, 513, 1024, 1026];

    /// <summary>Every dimension, and those where a chunk of depth ends, with each width of register.</summary>
    [Theory]
    [InlineData(RegisterKind.Scalar)]
    [InlineData(RegisterKind.Register128)]
    [InlineData(RegisterKind.Register256)]
    [InlineData(RegisterKind.Register512)]
    internal void Multiply_Float32_StaysWithinTheErrorBound(RegisterKind lane)
    {
        foreach (int dimension in Dimensions)
        {
            (EmbeddingMatrix rows, EmbeddingMatrix queries, int[] products, int width) = lane switch
            {
                RegisterKind.Register512 => Multiply<Register512<Float32Arithmetic>>(dimension),
                RegisterKind.Register256 => Multiply<Register256<Float32Arithmetic>>(dimension),
                RegisterKind.Register128 => Multiply<Register128<Float32Arithmetic>>(dimension),
                _ => Multiply<RegisterScalar<Float32Arithmetic>>(dimension),
            };
            for (int n = 0; n < products.Length; n++)
            {
                double expected = 0;
                double magnitude = 0;
                for (int p = 0; n % width < queries.Count && p < dimension; p++)
                {
                    double term = (double)rows[RowOf(n / width)][p] * queries[n % width][p];
                    expected += term;
                    magnitude += Math.Abs(term);
                }

                double found = BitConverter.Int32BitsToSingle(products[n]);
                Assert.True(
                    Math.Abs(found - expected) <= CandidateScan.Gamma(dimension) * magnitude,
                    $"dimension {dimension}, product {n}: {found} for {expected}"
                );
            }
        }
    }

    [Theory]
    [InlineData(RegisterKind.Scalar)]
    [InlineData(RegisterKind.Register128)]
    [InlineData(RegisterKind.Register256)]
    [InlineData(RegisterKind.Register512)]
    internal void Multiply_Int16_IsExact(RegisterKind lane)
    {
        foreach (int dimension in Dimensions)
        {
            (EmbeddingMatrix rows, EmbeddingMatrix queries, int[] products, int width) = lane switch
            {
                RegisterKind.Register512 => Multiply<Register512<Int16Arithmetic>>(dimension),
                RegisterKind.Register256 => Multiply<Register256<Int16Arithmetic>>(dimension),
                RegisterKind.Register128 => Multiply<Register128<Int16Arithmetic>>(dimension),
                _ => Multiply<RegisterScalar<Int16Arithmetic>>(dimension),
            };
            for (int n = 0; n < products.Length; n++)
            {
                long expected = 0;
                if (n % width < queries.Count)
                {
                    short[] row = Round(rows[RowOf(n / width)]);
                    short[] query = Round(queries[n % width]);
                    expected = row.Zip(query, (x, q) => (long)x * q).Sum();
                }

                Assert.Equal(expected, products[n]);
            }
        }
    }

    /// <summary>
    /// The vectors that come closest to the end of int32: all weight in few elements, or spread over all.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(384)]
    [InlineData(8192)]
    internal void Encode_LargestVectors_ProductsStayInRange(int dimension)
    {
        foreach (int used in new[] { 1, 2, dimension / 2, dimension })
        {
            float[] values = new float[dimension];
            int count = Math.Clamp(used, 1, dimension);
            values.AsSpan(0, count).Fill(-9e17f / MathF.Sqrt(count));
            int[] units = new int[StageEncoding.UnitCount(ScanPrecision.Int16, dimension)];
            float scale = StageEncoding.Scale(ScanPrecision.Int16, values);
            double error = StageEncoding.Encode(ScanPrecision.Int16, values, scale, units);
            int product = 0;
            long exact = 0;
            double missed = 0;
            for (int p = 0; p < units.Length; p++)
            {
                product = Int16Arithmetic.MultiplyAdd(units[p], units[p], product);
                exact += ((long)(short)units[p] * (short)units[p]) + ((long)(units[p] >> 16) * (units[p] >> 16));
            }

            for (int i = 0; i < dimension; i++)
            {
                int unit = units[i / 2];
                double difference = values[i] - ((double)scale * (i % 2 == 0 ? (short)unit : unit >> 16));
                missed += difference * difference;
            }

            Assert.Equal(exact, product);
            double norm = Math.Sqrt(DistanceKernels.NormSquared(values));
            Assert.True(Math.Sqrt(missed) <= error + (2 * CandidateScan.UnitRoundoff * norm));
        }
    }

    private static int RowOf(int n) => Math.Min(7, n) * 3 % 8;

    private static (EmbeddingMatrix Rows, EmbeddingMatrix Queries, int[] Products, int Width) Multiply<TLane>(
        int dimension
    )
        where TLane : struct, ISimdRegister<TLane>
    {
        int width = PanelKernel.TileRegisters * TLane.Count;
        EmbeddingMatrix rows = Vectors.Create(dimension, 8, dimension, VectorKind.Spread);
        EmbeddingMatrix queries = Vectors.Create(dimension + 1000, width - 1, dimension, VectorKind.Spread);
        int depth = StageEncoding.UnitCount(TLane.Precision, dimension);
        int stride = depth + 5;
        int[] units = new int[rows.Count * stride];
        for (int row = 0; row < rows.Count; row++)
        {
            ToUnits(TLane.Precision, rows[row]).CopyTo(units, row * stride);
        }

        int[] panel = new int[depth * width];
        for (int query = 0; query < queries.Count; query++)
        {
            int[] packed = ToUnits(TLane.Precision, queries[query]);
            for (int p = 0; p < depth; p++)
            {
                panel[(p * width) + query] = packed[p];
            }
        }

        int[] products = new int[2 * PanelKernel.TileRows * width];
        Array.Fill(products, -1);
        int[] list = [.. Enumerable.Range(0, 2 * PanelKernel.TileRows).Select(RowOf)];
        PanelKernel.Multiply<TLane>(units, stride, list, depth, panel, products);
        return (rows, queries, products, width);
    }

    private static short[] Round(ReadOnlySpan<float> values)
    {
        short[] rounded = new short[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            rounded[i] = (short)MathF.Round(values[i] * 2000);
        }

        return rounded;
    }

    private static int[] ToUnits(ScanPrecision precision, ReadOnlySpan<float> values)
    {
        if (precision == ScanPrecision.Float32)
        {
            return Array.ConvertAll(values.ToArray(), BitConverter.SingleToInt32Bits);
        }

        short[] rounded = [.. Round(values), 0];
        return
        [
            .. Enumerable
                .Range(0, (values.Length + 1) / 2)
                .Select(p => (rounded[2 * p] & 0xFFFF) | (rounded[(2 * p) + 1] << 16)),
        ];
    }
}
