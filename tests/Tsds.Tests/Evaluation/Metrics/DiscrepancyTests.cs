using CsCheck;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

/// <summary>The ways of comparing two sets of vectors, their laws and some values.</summary>
public sealed class DiscrepancyTests
{
    private static readonly Gen<(EmbeddingMatrix X, EmbeddingMatrix Y)> Pairs =
        from n in Gen.Int[2, 12]
        from m in Gen.Int[2, 12]
        from seed in Gen.Int[0, 1_000_000]
        select (Vectors.Random(n, 5, seed), Vectors.Random(m, 5, seed + 1, shift: 1));

    private static readonly Func<EmbeddingMatrix, EmbeddingMatrix, double> Energy = (x, y) =>
        Quadratic(PairKernel.Energy, x, y);
    private static readonly Func<EmbeddingMatrix, EmbeddingMatrix, double> Mmd = (x, y) =>
        Quadratic(PairKernel.Gaussian(1), x, y);
    private static readonly Func<EmbeddingMatrix, EmbeddingMatrix, double> Sliced = (x, y) =>
        SlicedWasserstein.Of(x, y, 7, 2);
    private static readonly Func<EmbeddingMatrix, EmbeddingMatrix, double> Sinkhorn = (x, y) =>
        SinkhornDivergence.Of(Between(x, y), Between(x, x), Between(y, y)).Value;

    private static readonly Func<EmbeddingMatrix, EmbeddingMatrix, double> Transport = (x, y) =>
        OptimalTransport.Solve(Between(x, y), Uniform(x.Count), Uniform(y.Count)).Cost;

    public static TheoryData<string> Names => ["energy", "mmd", "sliced", "sinkhorn", "transport"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Discrepancy_TwoSets_IsSymmetric(string name) =>
        Pairs.Sample(pair => Assert.Equal(Find(name)(pair.X, pair.Y), Find(name)(pair.Y, pair.X), 1e-6), iter: 50);

    [Theory]
    [InlineData("energy")]
    [InlineData("sliced")]
    [InlineData("sinkhorn")]
    [InlineData("transport")]
    public void Discrepancy_SameSet_IsZeroAndElseNotNegative(string name) =>
        Pairs.Sample(
            pair =>
            {
                int[] reversed = [.. Enumerable.Range(0, pair.X.Count).Reverse()];
                Assert.Equal(0, Find(name)(pair.X, pair.X.Gather(reversed)), 1e-6);
                Assert.True(Find(name)(pair.X, pair.Y) > -1e-6);
            },
            iter: 50
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Discrepancy_MirroredSpace_StaysWhatItIs(string name) =>
        Pairs.Sample(
            pair =>
            {
                // Mirroring and permuting axes keeps distances; the sliced distance only so up to its directions.
                double tolerance = name == "sliced" ? 0.1 : 1e-5;
                Assert.Equal(Find(name)(pair.X, pair.Y), Find(name)(Mirror(pair.X), Mirror(pair.Y)), tolerance);
            },
            iter: 30
        );

    [Fact]
    public void Discrepancy_SlicedTransportAndSinkhorn_AreOrdered() =>
        Pairs.Sample(
            pair =>
            {
                double transport = Transport(pair.X, pair.Y);
                Assert.True(Sliced(pair.X, pair.Y) <= transport + 1e-12);
                Assert.True(Sinkhorn(pair.X, pair.Y) <= transport + 1e-6);
            },
            iter: 50
        );

    [Fact]
    public void Energy_TwoPointsOnALine_IsWhatAHandComputes()
    {
        // x in {0, 2}, y in {1}: 2·1 − ½·2·½·2 … E|x − x'| = 1 counting own pairs, E|y − y'| = 0.
        double value = Energy(Vectors.Of(1, 0, 2), Vectors.Of(1, 1, 1));
        Assert.Equal(2 - 1 - 0, value, 1e-12);
    }

    [Fact]
    public void MaximumMeanDiscrepancy_TwoAgainstTwo_IsWhatAHandComputes()
    {
        double k(double distance) =>
            new[] { 0.25, 0.5, 1, 2, 4 }.Average(h => Math.Exp(-distance * distance / (2 * h * h)));
        double value = Mmd(Vectors.Of(1, 0, 1), Vectors.Of(1, 3, 5));
        double expected = k(1) + k(2) - (2 * (k(3) + k(5) + k(2) + k(4)) / 4);
        Assert.Equal(expected, value, 1e-12);
    }

    [Fact]
    public void MaximumMeanDiscrepancy_SetsOfOneDistribution_IsZeroInExpectation()
    {
        double[] values =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(seed => Mmd(Vectors.Random(10, 3, seed), Vectors.Random(10, 3, seed + 5000))),
        ];
        double error = Math.Sqrt(values.Sum(value => value * value)) / values.Length;
        Assert.InRange(values.Average(), -4 * error, 4 * error);
        Assert.Contains(values, value => value < 0);
    }

    [Fact]
    public void Within_WeightsOfUnbiasedKernel_AreThoseOfTheFormula()
    {
        double[] distances = [0, 1, 2, 1, 0, 3, 2, 3, 0];
        PairKernel kernel = new(distance => distance, CountsOwnPair: false);
        double expected = 2 * ((0.5 * 0.3 * 1) + (0.5 * 0.2 * 2) + (0.3 * 0.2 * 3)) / (1 - 0.25 - 0.09 - 0.04);
        Assert.Equal(expected, QuadraticDiscrepancy.Within(kernel, distances, [0.5, 0.3, 0.2]), 1e-12);
    }

    [Fact]
    public void OnTheLine_TwoAgainstThree_IsWhatAHandComputes() =>
        Assert.Equal((1 / 6.0) + (3 / 6.0) + (1 / 3.0), SlicedWasserstein.OnTheLine([0, 4], [0, 1, 5]), 1e-12);

    [Fact]
    public void Sinkhorn_FarSets_ConvergesNearTransport()
    {
        EmbeddingMatrix x = Vectors.Random(40, 8, 1);
        EmbeddingMatrix y = Vectors.Random(30, 8, 2, shift: 6);
        SinkhornDivergence divergence = SinkhornDivergence.Of(Between(x, y), Between(x, x), Between(y, y));
        Assert.True(divergence.HasConverged);
        Assert.InRange(divergence.Value, 0.7 * Transport(x, y), Transport(x, y));
    }

    // Plans that nearly fall apart into blocks: alternating soft minima alone need from 20,000 to far above 200,000
    // rounds.
    [Theory]
    [InlineData(4, 4, 738860)]
    [InlineData(4, 2, 470418)]
    [InlineData(3, 3, 212628)]
    [InlineData(2, 2, 848956)]
    public void Sinkhorn_PlanThatNearlyFallsApart_ConvergesAndIsSymmetric(int n, int m, int seed)
    {
        EmbeddingMatrix x = Vectors.Random(n, 5, seed);
        EmbeddingMatrix y = Vectors.Random(m, 5, seed + 1, shift: 1);
        SinkhornDivergence there = SinkhornDivergence.Of(Between(x, y), Between(x, x), Between(y, y));
        SinkhornDivergence back = SinkhornDivergence.Of(Between(y, x), Between(y, y), Between(x, x));
        Assert.True(there.HasConverged && back.HasConverged);
        Assert.Equal(there.Value, back.Value, 1e-8);
    }

    [Fact]
    public void Solve_LaplacianOfWeightsFarApart_MeetsEveryEquation() =>
        Gen.Double[-30, 0]
            .Array[36]
            .Sample(exponents =>
            {
                const int Size = 6;
                double[] weights = new double[Size * Size];
                for (int i = 0; i < Size; i++)
                {
                    for (int k = 0; k < i; k++)
                    {
                        weights[(i * Size) + k] = weights[(k * Size) + i] = Math.Exp(exponents[(i * Size) + k]);
                    }
                }

                double[] expected = [0.3, -1.2, 0.7, 2.5, -0.4, 0];
                double[] values =
                [
                    .. Enumerable
                        .Range(0, Size)
                        .Select(i =>
                            Enumerable.Range(0, Size).Sum(k => weights[(i * Size) + k] * (expected[i] - expected[k]))
                        ),
                ];
                double[] found = GraphLaplacian.Solve([.. weights], [.. values]);
                double rounding = 64 * Math.Pow(2, -53) * values.Max(Math.Abs);
                for (int i = 0; i < Size; i++)
                {
                    double scale = Enumerable.Range(0, Size).Sum(k => weights[(i * Size) + k]);
                    double sum = Enumerable.Range(0, Size).Sum(k => weights[(i * Size) + k] * (found[i] - found[k]));

                    // Values that are sums of larger ones have the rounding of those: what is given is known no better.
                    Assert.Equal(values[i], sum, (1e-9 * scale) + rounding);
                }
            });

    [Fact]
    public void TwoSampleTest_EqualAndFarSets_AreHalfAndOne()
    {
        ClassifierTwoSampleTest equal = ClassifierTwoSampleTest.Of(
            Vectors.Random(300, 8, 1),
            Vectors.Random(200, 8, 2),
            0
        );
        Assert.InRange(equal.Accuracy, 0.4, 0.6);
        Assert.InRange(equal.AreaUnderCurve, 0.4, 0.6);
        ClassifierTwoSampleTest far = ClassifierTwoSampleTest.Of(
            Vectors.Random(100, 8, 1),
            Vectors.Random(100, 8, 2, shift: 20),
            0
        );
        Assert.True(far is { Accuracy: > 0.95, AreaUnderCurve: > 0.99 }, $"{far}");
        Assert.True(
            double.IsNaN(ClassifierTwoSampleTest.Of(Vectors.Random(4, 8, 1), Vectors.Random(100, 8, 2), 0).Accuracy)
        );
    }

    [Fact]
    public void Area_ScoresWithATie_IsWhatAHandComputes() =>
        Assert.Equal(4.5 / 6, ClassifierTwoSampleTest.Area([1, 2, 5], [0, 2]));

    private static Func<EmbeddingMatrix, EmbeddingMatrix, double> Find(string name) =>
        name switch
        {
            "energy" => Energy,
            "mmd" => Mmd,
            "sliced" => Sliced,
            "sinkhorn" => Sinkhorn,
            _ => Transport,
        };

    private static EmbeddingMatrix Mirror(EmbeddingMatrix points)
    {
        float[] values = points.Values.ToArray();
        for (int i = 0; i < values.Length; i += points.Dimension)
        {
            values[i] = -values[i];
            (values[i + 1], values[i + 2]) = (values[i + 2], values[i + 1]);
        }

        return new EmbeddingMatrix(values, points.Dimension);
    }

    private static double Quadratic(PairKernel kernel, EmbeddingMatrix x, EmbeddingMatrix y) =>
        QuadraticDiscrepancy.Of(
            kernel,
            Between(x, x),
            Between(x, y),
            Between(y, y),
            Uniform(x.Count),
            Uniform(y.Count)
        );

    private static DistanceMatrix Between(EmbeddingMatrix x, EmbeddingMatrix y) => DistanceMatrix.Between(x, y, 1);

    private static double[] Uniform(int count) => [.. Enumerable.Repeat(1.0 / count, count)];
}
