using CsCheck;
using Tsds.Tasks;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Tasks;

public sealed class SampleKernelsTests
{
    /// <summary>The lanes of the definition, to the bit, with whatever registers there are.</summary>
    [Fact]
    public void DotAndAddScaled_AnyLength_AreTheirDefinitionsToTheBit() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 70], Gen.Double[-3, 3])
            .Sample(
                (seed, length, scale) =>
                {
                    EmbeddingMatrix rows = Vectors.Create(seed, 2, length, VectorKind.Spread);
                    double[] x = Array.ConvertAll(rows[0].ToArray(), value => value / 3.0);
                    float[] y = rows[1].ToArray();
                    double[] lanes = new double[8];
                    double[] sum = [.. x];
                    for (int i = 0; i < length; i++)
                    {
                        double product = x[i] * y[i];
                        lanes[i % 8] += product;
                        double scaled = y[i] * scale;
                        sum[i] += scaled;
                    }

                    double expected =
                        (lanes[0] + lanes[4] + (lanes[2] + lanes[6])) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
                    Assert.Equal(expected, SampleKernels.Dot(x, y));
                    SampleKernels.AddScaled(x, y, scale);
                    Assert.Equal(sum, x);
                },
                iter: 500
            );
}
