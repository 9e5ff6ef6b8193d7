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
                    TargetNeighbors row = new();
                    row.Replace([.. Enumerable.Range(0, weights.Length)], [.. weights.Select((_, k) => (double)k)]);
                    for (int probe = 0; probe < levels.Length; probe++)
                    {
                        row.ExtendPrefixSums(Math.Min(weights.Length, 1 + (probe * growth)), weights);
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
}
