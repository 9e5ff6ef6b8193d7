using CsCheck;
using Tsds.Transport;

namespace Tsds.Tests.Transport;

public sealed class TargetNeighborsTests
{
    /// <summary>Levels in any order, prefixes that grow in between: the count is the plain one.</summary>
    [Fact]
    public void CountFilled_AnyLevelsInAnyOrder_CountsThePrefixSums() =>
        Gen.Select(Gen.Int[1, 4].Array[1, 60], Gen.Double[0, 70].Array[1, 40], Gen.Bool, Gen.Int[1, 60])
            .Sample(
                (halves, levels, isRounded, growth) =>
                {
                    // Weights are quarters, so that levels meet prefix sums exactly.
                    double[] weights = [.. halves.Select(value => value / 4.0)];
                    TargetNeighbors row = Row(weights);
                    for (int probe = 0; probe < levels.Length; probe++)
                    {
                        row.ExtendPrefixSums(Math.Min(weights.Length, 1 + (probe * growth)));
                        double level = isRounded ? Math.Round(levels[probe] * 4) / 4 : levels[probe];
                        for (int ask = 0; ask < 3; ask++)
                        {
                            bool inclusive = ask == 1;
                            int expected = Enumerable
                                .Range(1, row.KnownCount)
                                .Count(k => inclusive ? row.WeightSum(k) <= level : row.WeightSum(k) < level);
                            Assert.Equal(expected, row.CountFilled(level, inclusive));
                        }
                    }
                },
                iter: 1000
            );

    /// <summary>Sums that are added up again have the bits of those that were added up once.</summary>
    [Fact]
    public void Sums_ThatAreNotKept_AreThoseAddedFromTheFirstNeighborOn() =>
        Gen.Select(Gen.Double[0.01, 1].Array[1, 60], Gen.Int[1, 60])
            .Sample(
                (weights, growth) =>
                {
                    TargetNeighbors row = Row(weights);
                    for (int known = 1; row.KnownCount < weights.Length; known += growth)
                    {
                        row.ExtendPrefixSums(Math.Min(weights.Length, known));
                    }

                    (double weightSum, double weightedDistanceSum) = (0, 0);
                    for (int count = 0; count <= weights.Length; count++)
                    {
                        Assert.Equal(weightSum, row.WeightSum(count));
                        Assert.Equal(weightedDistanceSum, row.WeightedDistanceSum(count));
                        if (count < weights.Length)
                        {
                            double weight = 1 / (1 / weights[count]);
                            weightSum += weight;
                            weightedDistanceSum += weight * row.Distances[count];
                        }
                    }

                    Assert.Equal(weightSum, row.KnownWeight);
                },
                iter: 300
            );

    /// <summary>A row whose neighbor k is candidate k, of a weight, at the distance k.</summary>
    private static TargetNeighbors Row(double[] weights)
    {
        CandidateTable candidates = new(weights.Length);
        int[] indexes = new int[weights.Length];
        candidates.IndexesOf([.. Enumerable.Range(0, weights.Length).Select(id => (long)id)], indexes);
        for (int index = 0; index < weights.Length; index++)
        {
            candidates.SetDensity(index, 1 / weights[index]);
        }

        TargetNeighbors row = new(candidates);
        row.Replace(indexes, [.. weights.Select((_, k) => (double)k)]);
        return row;
    }
}
