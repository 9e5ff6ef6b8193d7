using CsCheck;
using Tsds.Density;
using Tsds.Numerics;
using Tsds.Pools;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Density;

public sealed class DensityEstimatorTests
{
    [Fact]
    public async Task EstimateAsync_AnyBandwidth_AgreesWithTheDefinition() =>
        await Gen.Select(
                Gen.Int[0, 1_000_000],
                Gen.Int[1, 300],
                Gen.Int[1, 90],
                Vectors.Kinds,
                Gen.Double[-9, 6],
                Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 2])
            )
            .SampleAsync(
                async (seed, count, dimension, kind, exponent, scan) =>
                {
                    EmbeddingMatrix candidates = Vectors.Create(seed, count, dimension, kind);
                    EmbeddingMatrix points = candidates.Gather([.. Enumerable.Range(0, Math.Min(count, 30))]);
                    double bandwidth = Math.Pow(10, exponent);
                    NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None);
                    (int lane, int precision, int shortcuts) = scan;
                    ScanSettings settings = new(
                        2,
                        (RegisterKind)lane,
                        (ScanPrecision)precision,
                        null,
                        CancellationToken.None
                    )
                    {
                        Shortcuts = (ScanShortcuts)shortcuts,
                    };
                    double[] densities = await DensityEstimator.EstimateAsync(source, points, bandwidth, settings);
                    for (int p = 0; p < points.Count; p++)
                    {
                        double expected = 0;
                        for (int j = 0; j < count; j++)
                        {
                            double ratio = Vectors.DistanceSquared(candidates[j], points[p]) / (bandwidth * bandwidth);
                            expected += Math.Max(0, 1 - ratio);
                        }

                        Assert.Equal(expected, densities[p], 1e-6 * expected);
                        Assert.True(densities[p] >= 1);
                    }
                },
                iter: 200,
                threads: 1
            );

    /// <summary>
    /// Pairs and whole panels of products must not be told apart by their sums; nor must the points that share a panel.
    /// </summary>
    [Fact]
    public async Task EstimateAsync_BroadBandwidth_SameBytesWhateverShareAPanel() =>
        await Gen.Select(
                Gen.Int[0, 1_000_000],
                Gen.Int[1, 300],
                Gen.Int[1, 90],
                Vectors.Kinds,
                Gen.Double[0.05, 4],
                Gen.Int[0, 3]
            )
            .SampleAsync(
                async (seed, count, dimension, kind, width, lane) =>
                {
                    EmbeddingMatrix candidates = Vectors.Create(seed, count, dimension, kind);
                    EmbeddingMatrix points = candidates.Gather([.. Enumerable.Range(0, Math.Min(count, 40))]);
                    double bandwidth = width * Math.Sqrt(DistanceKernels.NormsSquared(points).Average() + 1e-30);
                    NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None);
                    ScanSettings settings = new(
                        2,
                        (RegisterKind)lane,
                        ScanPrecision.Int16,
                        null,
                        CancellationToken.None
                    );
                    double[] together = await DensityEstimator.EstimateAsync(source, points, bandwidth, settings);
                    ScanSettings plain = settings with { Lane = RegisterKind.Scalar, ThreadCount = 1 };
                    for (int p = 0; p < points.Count; p += 7)
                    {
                        Assert.Equal(
                            [together[p]],
                            await DensityEstimator.EstimateAsync(source, points.Gather([p]), bandwidth, plain)
                        );
                    }
                },
                iter: 100,
                threads: 1
            );

    /// <summary>
    /// From the fourth block on a scan knows what its stages rule out: nothing, a little, or most of what there is.
    /// </summary>
    [Theory]
    [InlineData(0.4)]
    [InlineData(1.2)]
    [InlineData(1.5)]
    [InlineData(3)]
    public async Task EstimateAsync_ManyBlocks_SameBytesWithoutShortcuts(double width)
    {
        EmbeddingMatrix candidates = Vectors.Create(11, 2_000, 30, VectorKind.Spread);
        EmbeddingMatrix points = candidates.Gather([.. Enumerable.Range(0, 96)]);
        double bandwidth = width * Math.Sqrt(DistanceKernels.NormsSquared(points).Average());
        NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None);
        ScanSettings settings = new(
            1,
            CandidateScan.WidestLane,
            ScanPrecision.Int16,
            null,
            TestContext.Current.CancellationToken
        );
        ScanSettings plain = settings with { Lane = RegisterKind.Scalar, Shortcuts = ScanShortcuts.Never };
        Assert.Equal(
            await DensityEstimator.EstimateAsync(source, points, bandwidth, plain),
            await DensityEstimator.EstimateAsync(source, points, bandwidth, settings)
        );
    }

    [Fact]
    public async Task EstimateDensitiesAsync_TinyBandwidth_CountsExactCopiesOnly()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(3, 40, 6, VectorKind.Copies));
        CancellationToken token = TestContext.Current.CancellationToken;
        EmbeddingMatrix points = await pool.ReadEmbeddingsAsync(new long[] { 0, 5, 39 }, token);
        double[] densities = await pool.EstimateDensitiesAsync(points, 1e-200, cancellationToken: token);
        Assert.Equal([4, 4, 4], densities);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task EstimateDensitiesAsync_UnusableBandwidth_Throws(double bandwidth)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(3, 4, 6, VectorKind.Spread));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await pool.EstimateDensitiesAsync(
                Vectors.Create(3, 4, 6, VectorKind.Spread),
                bandwidth,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
    }
}
