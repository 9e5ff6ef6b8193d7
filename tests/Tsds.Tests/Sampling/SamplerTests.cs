using CsCheck;
using Tsds.Sampling;

namespace Tsds.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly Gen<double[]> Probabilities = Gen.Double[0.001, 1]
        .Array[1, 40]
        .Select(values => values.Select(value => value / values.Sum()).ToArray());

    [Theory]
    [InlineData(SamplingMethod.Distinct)]
    [InlineData(SamplingMethod.Systematic)]
    [InlineData(SamplingMethod.Multinomial)]
    [InlineData(SamplingMethod.Top)]
    public void Draw_AnyProbabilities_DrawsTheBudget(SamplingMethod method) =>
        Gen.Select(Probabilities, Gen.Int[1, 60], Gen.ULong)
            .Sample(
                (probabilities, rows, seed) =>
                {
                    int budget = method is SamplingMethod.Multinomial or SamplingMethod.Systematic
                        ? rows
                        : Math.Min(rows, probabilities.Length);
                    long[] counts = Counts(method, probabilities, budget, seed);
                    Assert.Equal(budget, counts.Sum());
                    Assert.All(counts, count => Assert.True(count >= 0));
                    if (method is SamplingMethod.Distinct or SamplingMethod.Top)
                    {
                        Assert.All(counts, count => Assert.True(count <= 1));
                    }

                    Assert.Equal(counts, Counts(method, probabilities, budget, seed));
                },
                iter: 500
            );

    [Fact]
    public void Draw_Systematic_GivesFloorOrCeilingOfTheExpectation() =>
        Gen.Select(Probabilities, Gen.Int[1, 200], Gen.ULong)
            .Sample(
                (probabilities, budget, seed) =>
                {
                    long[] counts = Counts(SamplingMethod.Systematic, probabilities, budget, seed);
                    for (int j = 0; j < counts.Length; j++)
                    {
                        double expected = budget * probabilities[j];
                        Assert.InRange(
                            counts[j],
                            (long)Math.Floor(expected - 1e-9),
                            (long)Math.Ceiling(expected + 1e-9)
                        );
                    }
                },
                iter: 500
            );

    [Fact]
    public void InclusionProbabilities_AnyBudget_SumToItAndAreCappedMultiples() =>
        Gen.Select(Probabilities, Gen.Int[1, 40])
            .Sample(
                (probabilities, rows) =>
                {
                    int budget = Math.Min(rows, probabilities.Length);
                    double[] inclusion = Inclusion(probabilities, budget);
                    Assert.Equal(budget, inclusion.Sum(), 1e-9);
                    double multiple = Enumerable
                        .Range(0, inclusion.Length)
                        .Where(j => inclusion[j] < 1)
                        .Select(j => inclusion[j] / probabilities[j])
                        .DefaultIfEmpty(double.PositiveInfinity)
                        .Min();
                    for (int j = 0; j < inclusion.Length; j++)
                    {
                        Assert.Equal(Math.Min(1, multiple * probabilities[j]), inclusion[j], 1e-9);
                    }
                },
                iter: 500
            );

    /// <summary>Probabilities of very different sizes, with ties: many rows certain, few, or none.</summary>
    private static readonly Gen<double[]> UnevenProbabilities = Gen.Select(Gen.Double[0, 12].Array[1, 300], Gen.Bool)
        .Select(
            (exponents, hasTies) =>
            {
                double[] values = [.. exponents.Select(e => Math.Pow(2, -(hasTies ? Math.Round(e) : e)))];
                double sum = values.Sum();
                return values.Select(value => value / sum).ToArray();
            }
        );

    [Theory]
    [InlineData(SamplingMethod.Distinct)]
    [InlineData(SamplingMethod.Systematic)]
    [InlineData(SamplingMethod.Multinomial)]
    [InlineData(SamplingMethod.Top)]
    public void Draw_AnyProbabilities_EqualsThePlainForm(SamplingMethod method) =>
        Gen.Select(UnevenProbabilities, Gen.Int[1, 400], Gen.ULong)
            .Sample(
                (probabilities, rows, seed) =>
                {
                    int budget = method is SamplingMethod.Multinomial or SamplingMethod.Systematic
                        ? rows
                        : Math.Min(rows, probabilities.Length);
                    Assert.Equal(
                        ReferenceSampler.Draw(method, probabilities, budget, seed),
                        Counts(method, probabilities, budget, seed)
                    );
                },
                iter: 2000
            );

    [Fact]
    public void InclusionRule_AnyProbabilities_EqualsThePlainForm() =>
        Gen.Select(UnevenProbabilities, Gen.Int[1, 300])
            .Sample(
                (probabilities, rows) =>
                {
                    int budget = Math.Min(rows, probabilities.Length);
                    double[] expected = ReferenceSampler.InclusionProbabilities(probabilities, budget);
                    double[] found = Inclusion(probabilities, budget);
                    for (int j = 0; j < expected.Length; j++)
                    {
                        // The plain form subtracts one row after the other from the sum, which cancels.
                        Assert.Equal(expected[j], found[j], 1e-9);
                    }
                },
                iter: 2000
            );

    [Fact]
    public void Draw_MultinomialInSeveralPasses_CountsEveryDraw()
    {
        const long Budget = Sampler.DrawsPerPass + 1000L;
        double[] probabilities = [0.25, 0.5, 1e-7, 0.125, 0.1249999];
        Assert.Equal(
            ReferenceSampler.Draw(SamplingMethod.Multinomial, probabilities, Budget, 3),
            Counts(SamplingMethod.Multinomial, probabilities, Budget, 3)
        );
    }

    /// <summary>
    /// A plan with millions of rows: the draw takes memory for what it draws, not for what it draws from.
    /// </summary>
    [Theory]
    [InlineData(SamplingMethod.Distinct)]
    [InlineData(SamplingMethod.Systematic)]
    [InlineData(SamplingMethod.Multinomial)]
    [InlineData(SamplingMethod.Top)]
    public void Draw_MillionsOfRows_AllocatesForTheRowsDrawn(SamplingMethod method)
    {
        const int Rows = 2_000_000;
        const int Budget = 20_000;
        CounterRandom random = new(1, 2);
        double[] probabilities = new double[Rows];
        for (int j = 0; j < Rows; j++)
        {
            // Heavy-tailed, so that some rows are certain: p ∝ u^(−3/4).
            probabilities[j] = Math.Pow(1 - random.Uniform((ulong)j), -0.75);
        }

        double sum = probabilities.Sum();
        for (int j = 0; j < Rows; j++)
        {
            probabilities[j] /= sum;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        DrawnRows drawn = Sampler.Draw(method, probabilities, Budget, 11);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Budget, drawn.Counts.Sum());
        Assert.True(allocated < 1 << 21, $"{allocated} bytes");
        if (method == SamplingMethod.Distinct)
        {
            InclusionRule rule = InclusionRule.Create(probabilities, Budget);
            int[] certain = [.. Enumerable.Range(0, Rows).Where(j => probabilities[j] >= rule.Threshold)];
            Assert.NotEmpty(certain);
            Assert.Empty(certain.Except(drawn.Positions));
            Assert.Equal(Budget, probabilities.Sum(rule.Of), 1e-6);
        }

        if (method == SamplingMethod.Top)
        {
            double smallest = drawn.Positions.Min(j => probabilities[j]);
            Assert.Equal(Budget, probabilities.Count(p => p >= smallest));
        }
    }

    /// <summary>Counts over many seeds against the expectation, by Pearson's statistic.</summary>
    /// <remarks>
    /// For independent draws the statistic has about J − 1 degrees of freedom; fixed-size designs vary less. With J =
    /// 12 the chance that it exceeds 45 is below 1e-5, and the seeds are fixed.
    /// </remarks>
    [Theory]
    [InlineData(SamplingMethod.Distinct)]
    [InlineData(SamplingMethod.Systematic)]
    [InlineData(SamplingMethod.Multinomial)]
    public void Draw_ManySeeds_MeetsTheExpectedCounts(SamplingMethod method)
    {
        double[] probabilities = [0.30, 0.02, 0.05, 0.08, 0.11, 0.04, 0.09, 0.01, 0.06, 0.10, 0.07, 0.07];
        const int Budget = 4;
        const int Draws = 20_000;
        double[] expected =
            method == SamplingMethod.Distinct
                ? Inclusion(probabilities, Budget)
                : [.. probabilities.Select(probability => probability * Budget)];
        long[] counts = new long[probabilities.Length];
        for (ulong seed = 0; seed < Draws; seed++)
        {
            long[] drawn = Counts(method, probabilities, Budget, seed);
            for (int j = 0; j < counts.Length; j++)
            {
                counts[j] += drawn[j];
            }
        }

        double statistic = 0;
        for (int j = 0; j < counts.Length; j++)
        {
            double mean = expected[j] * Draws;
            statistic += (counts[j] - mean) * (counts[j] - mean) / mean;
        }

        Assert.True(statistic < 45, $"{method}: {statistic} for {string.Join(' ', counts)}");
    }

    [Fact]
    public void Draw_Top_TakesTheLargestAndBreaksTiesByPosition() =>
        Assert.Equal([0, 1, 1, 0, 1], Counts(SamplingMethod.Top, [0.1, 0.2, 0.4, 0.1, 0.2], 3, seed: 0));

    [Fact]
    public void CounterRandom_FirstNumbers_NeverChange()
    {
        // Changing these breaks the promise that a seed reproduces a selection.
        CounterRandom random = new(seed: 42, stream: 1);
        ulong[] found = [random.Bits(0), random.Bits(1), random.Bits(1_000_000_007)];
        Assert.Equal(Expected(42, 1, [0, 1, 1_000_000_007]), found);

        // Seed 0, stream 0 is SplitMix64 itself, whose first number from state 0 is published.
        Assert.Equal(0xE220A8397B1DCDAFUL, new CounterRandom(0, 0).Bits(0));
    }

    private static double[] Inclusion(double[] probabilities, int budget)
    {
        InclusionRule rule = InclusionRule.Create(probabilities, budget);
        return Array.ConvertAll(probabilities, rule.Of);
    }

    private static long[] Counts(SamplingMethod method, double[] probabilities, long budget, ulong seed)
    {
        DrawnRows drawn = Sampler.Draw(method, probabilities, budget, seed);
        Assert.All(drawn.Counts, count => Assert.True(count > 0));
        long[] counts = new long[probabilities.Length];
        for (int i = 0; i < drawn.Positions.Length; i++)
        {
            Assert.True(i == 0 || drawn.Positions[i] > drawn.Positions[i - 1]);
            counts[drawn.Positions[i]] = drawn.Counts[i];
        }

        return counts;
    }

    /// <summary>The documented formula, written a second time in wide arithmetic.</summary>
    private static ulong[] Expected(ulong seed, ulong stream, ulong[] counters)
    {
        const ulong Gamma = 0x9E3779B97F4A7C15;
        UInt128 modulus = (UInt128)1 << 64;
        ulong Product(ulong a, ulong b) => (ulong)((UInt128)a * b % modulus);
        ulong Sum(ulong a, ulong b) => (ulong)(((UInt128)a + b) % modulus);
        ulong Finish(ulong x)
        {
            x = Product(x ^ (x >> 30), 0xBF58476D1CE4E5B9);
            x = Product(x ^ (x >> 27), 0x94D049BB133111EB);
            return x ^ (x >> 31);
        }

        ulong key = Finish(Sum(seed, Product(stream, Gamma)));
        return [.. counters.Select(counter => Finish(Sum(key, Product(counter + 1, Gamma))))];
    }
}
