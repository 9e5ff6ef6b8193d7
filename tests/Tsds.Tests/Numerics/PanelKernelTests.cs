using System.Numerics;
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
            short[][] roundedRows = [.. Enumerable.Range(0, rows.Count).Select(n => Round(rows[n]))];
            short[][] roundedQueries = [.. Enumerable.Range(0, queries.Count).Select(n => Round(queries[n]))];
            for (int n = 0; n < products.Length; n++)
            {
                long expected =
                    n % width < queries.Count
                        ? Product<short>(roundedRows[RowOf(n / width)], roundedQueries[n % width])
                        : 0;
                Assert.True(expected == products[n], $"dimension {dimension}, product {n}: {products[n]}");
            }
        }
    }

    /// <summary>
    /// Products of int8 against their definition, for vectors whose sums come closest to the end of int16: rows that
    /// are queries, with all weight in one element, a few, the elements of one sum, or spread over all.
    /// </summary>
    [Theory]
    [InlineData(RegisterKind.Scalar)]
    [InlineData(RegisterKind.Register128)]
    [InlineData(RegisterKind.Register256)]
    [InlineData(RegisterKind.Register512)]
    internal void Multiply_Int8_IsExact(RegisterKind lane)
    {
        foreach (int dimension in Dimensions)
        {
            EmbeddingMatrix vectors = HeavyVectors(dimension);
            (int[] products, int width) = lane switch
            {
                RegisterKind.Register512 => MultiplyInt8<Register512<Int8Arithmetic>>(vectors),
                RegisterKind.Register256 => MultiplyInt8<Register256<Int8Arithmetic>>(vectors),
                RegisterKind.Register128 => MultiplyInt8<Register128<Int8Arithmetic>>(vectors),
                _ => MultiplyInt8<RegisterScalar<Int8Arithmetic>>(vectors),
            };
            sbyte[][] rounded = [.. Enumerable.Range(0, vectors.Count).Select(n => Int8(vectors[n]))];
            for (int n = 0; n < products.Length; n++)
            {
                long expected = Product<sbyte>(rounded[n / width % vectors.Count], rounded[n % width % vectors.Count]);
                Assert.True(expected == products[n], $"dimension {dimension}, product {n}: {products[n]}");
            }
        }
    }

    [Fact]
    public void Encode_Int8_ErrorIsMeasured()
    {
        foreach (int dimension in Dimensions)
        {
            EmbeddingMatrix vectors = HeavyVectors(dimension);
            for (int n = 0; n < vectors.Count; n++)
            {
                float scale = StageEncoding.Scale(ScanPrecision.Int8, vectors[n]);
                int[] units = new int[StageEncoding.UnitCount(ScanPrecision.Int8, dimension)];
                double error = StageEncoding.Encode(ScanPrecision.Int8, vectors[n], scale, units);
                sbyte[] rounded = Int8(vectors[n]);
                double missed = 0;
                for (int i = 0; i < dimension; i++)
                {
                    Assert.InRange(rounded[i], -Int8Arithmetic.RowZero, Int8Arithmetic.RowZero);
                    missed += Math.Pow(vectors[n][i] - ((double)scale * rounded[i]), 2);
                }

                double norm = Math.Sqrt(DistanceKernels.NormSquared(vectors[n]));
                Assert.True(Math.Sqrt(missed) <= error + (2 * CandidateScan.UnitRoundoff * norm));
            }
        }
    }

    [Theory]
    [InlineData(RegisterKind.Scalar)]
    [InlineData(RegisterKind.Register128)]
    [InlineData(RegisterKind.Register256)]
    [InlineData(RegisterKind.Register512)]
    internal void Dot_Int16_IsThePanelsProduct(RegisterKind lane)
    {
        foreach (int dimension in Dimensions)
        {
            EmbeddingMatrix vectors = Vectors.Create(dimension, 2, dimension, VectorKind.Spread);
            int[] row = Padded(vectors[0]);
            int[] query = Padded(vectors[1]);
            float product = lane switch
            {
                RegisterKind.Register512 => PanelKernel.Dot<Register512<Int16Arithmetic>>(row, query),
                RegisterKind.Register256 => PanelKernel.Dot<Register256<Int16Arithmetic>>(row, query),
                RegisterKind.Register128 => PanelKernel.Dot<Register128<Int16Arithmetic>>(row, query),
                _ => PanelKernel.Dot<RegisterScalar<Int16Arithmetic>>(row, query),
            };
            Assert.Equal((float)Product<short>(Round(vectors[0]), Round(vectors[1])), product);
        }

        static int[] Padded(ReadOnlySpan<float> values)
        {
            int[] units = ToUnits(ScanPrecision.Int16, values);
            Array.Resize(ref units, (units.Length + 15) / 16 * 16);
            return units;
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

    /// <summary>Returns vectors that fill the sums of int8 in different ways, and their opposites.</summary>
    private static EmbeddingMatrix HeavyVectors(int dimension)
    {
        EmbeddingMatrix spread = Vectors.Create(dimension, 4, dimension, VectorKind.Spread);
        List<float[]> vectors =
        [
            .. Enumerable.Range(0, spread.Count).Select(n => spread[n].ToArray()),
            new float[dimension],
            Filled(_ => true),
            Filled(i => i == dimension - 1),
            Filled(i => i % 4 < 2 && i < 128),
            Filled(i => i % 4 >= 2 || i >= 128),
        ];
        return new EmbeddingMatrix(vectors.SelectMany(values => values).ToArray(), dimension);

        float[] Filled(Func<int, bool> isUsed) =>
            [.. Enumerable.Range(0, dimension).Select(i => isUsed(i) ? (dimension % 2 == 0 ? -3e5f : 7e-4f) : 0)];
    }

    private static sbyte[] Int8(ReadOnlySpan<float> values)
    {
        int[] units = new int[StageEncoding.UnitCount(ScanPrecision.Int8, values.Length)];
        StageEncoding.Encode(ScanPrecision.Int8, values, StageEncoding.Scale(ScanPrecision.Int8, values), units);
        return [.. units.SelectMany(unit => BitConverter.GetBytes(unit)).Select(element => (sbyte)element)];
    }

    private static (int[] Products, int Width) MultiplyInt8<TLane>(EmbeddingMatrix vectors)
        where TLane : struct, ISimdRegister<TLane>
    {
        const ScanPrecision Precision = ScanPrecision.Int8;
        int width = PanelKernel.TileRegisters * TLane.Count;
        int depth = StageEncoding.UnitCount(Precision, vectors.Dimension);
        int[] units = new int[vectors.Count * depth];
        int[] panel = new int[StageEncoding.PackedUnitCount(Precision, depth) * width];
        for (int n = 0; n < Math.Max(width, vectors.Count); n++)
        {
            ReadOnlySpan<float> values = vectors[n % vectors.Count];
            float scale = StageEncoding.Scale(Precision, values);
            if (n < width)
            {
                int[] query = new int[depth];
                StageEncoding.Encode(Precision, values, scale, query);
                StageEncoding.Pack(Precision, query, panel, width, n);
            }

            if (n < vectors.Count)
            {
                Span<int> row = units.AsSpan(n * depth, depth);
                StageEncoding.Encode(Precision, values, scale, row, Int8Arithmetic.RowZero);
            }
        }

        int[] list = [.. Enumerable.Range(0, 2 * PanelKernel.TileRows).Select(n => n % vectors.Count)];
        int[] products = new int[list.Length * width];
        PanelKernel.Multiply<TLane>(units, depth, list, depth, panel, products);
        return (products, width);
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

    // The definition: exact, as no sum of these products reaches the end of 64 bits.
    private static long Product<T>(T[] row, T[] query)
        where T : IBinaryInteger<T>
    {
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            sum += long.CreateChecked(row[i]) * long.CreateChecked(query[i]);
        }

        return sum;
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
