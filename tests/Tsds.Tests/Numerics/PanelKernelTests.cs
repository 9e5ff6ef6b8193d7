using Tsds.Numerics;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Numerics;

public sealed class PanelKernelTests
{
    /// <summary>Every dimension, and those where a chunk of depth ends, with each width of register.</summary>
    [Theory]
    [InlineData(LaneKind.Scalar)]
    [InlineData(LaneKind.Lane128)]
    [InlineData(LaneKind.Lane256)]
    [InlineData(LaneKind.Lane512)]
    internal void Multiply_EveryDimension_StaysWithinTheErrorBound(LaneKind lane)
    {
        foreach (int dimension in Enumerable.Range(1, 257).Concat([511, 512, 513, 1024]))
        {
            switch (lane)
            {
                case LaneKind.Lane512: Check<Lane512>(dimension); break;
                case LaneKind.Lane256: Check<Lane256>(dimension); break;
                case LaneKind.Lane128: Check<Lane128>(dimension); break;
                default: Check<LaneScalar>(dimension); break;
            }
        }
    }

    private static void Check<TLane>(int dimension)
        where TLane : struct, ILane<TLane>
    {
        const int Rows = 8;
        int stride = dimension + 5;
        int width = PanelKernel.TileRegisters * TLane.Count;
        EmbeddingMatrix rows = Vectors.Create(dimension, Rows, stride, VectorKind.Spread);
        EmbeddingMatrix queries = Vectors.Create(dimension + 1000, width - 1, dimension, VectorKind.Spread);
        PackedQueries packed = new(queries, width);
        float[] products = new float[Rows * width];
        Array.Fill(products, float.NaN);
        PanelKernel.Multiply<TLane>(rows.Values.Span, Rows, stride, dimension, packed.Panel(0), products);
        for (int row = 0; row < Rows; row++)
        {
            for (int query = 0; query < width; query++)
            {
                double expected = 0;
                double magnitude = 0;
                for (int p = 0; query < queries.Count && p < dimension; p++)
                {
                    double term = (double)rows[row][p] * queries[query][p];
                    expected += term;
                    magnitude += Math.Abs(term);
                }

                double bound = dimension * Math.Pow(2, -24) * magnitude * 1.01;
                Assert.True(
                    Math.Abs(products[(row * width) + query] - expected) <= bound,
                    $"dimension {dimension}, row {row}, query {query}: {products[(row * width) + query]} for {expected}");
            }
        }
    }
}
