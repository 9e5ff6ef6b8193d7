using CsCheck;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

public sealed class CoverageDistanceTests
{
    [Fact]
    public void Of_PointsOnAPlane_IsWhatAHandComputes()
    {
        CoverageDistance coverage = CoverageDistance.Of(
            Vectors.Of(2, 0, 0, 10, 0),
            Vectors.Of(2, 0, 0, 3, 4, 10, 1, 10, 2),
            1
        );
        Assert.Equal([0.0, 5, 1, 2], coverage.Distances);
        Assert.Equal(2, coverage.Mean);
        Assert.Equal(1.5, coverage.Median);
        Assert.Equal(4.55, coverage.Percentile95, 1e-12);
    }

    [Fact]
    public void Of_MoreRows_NeverCoversLess() =>
        Gen.Int[1, 40]
            .Sample(seed =>
            {
                EmbeddingMatrix targets = Vectors.Random(10, 9, seed);
                EmbeddingMatrix rows = Vectors.Random(20, 9, seed + 1000);
                EmbeddingMatrix fewer = rows.Gather([0, 3, 5]);
                Assert.All(
                    CoverageDistance
                        .Of(rows, targets, 2)
                        .Distances.Zip(CoverageDistance.Of(fewer, targets, 1).Distances),
                    pair => Assert.True(pair.First <= pair.Second)
                );
                Assert.Equal(0, CoverageDistance.Of(targets, targets, 2).Mean);

                double[] a = [.. Enumerable.Repeat(1.0 / 20, 20)];
                double[] b = [.. Enumerable.Repeat(1.0 / 10, 10)];
                double transport = OptimalTransport.Solve(DistanceMatrix.Between(rows, targets, 1), a, b).Cost;
                Assert.True(CoverageDistance.Of(rows, targets, 2).Mean <= transport + 1e-12);
            });
}
