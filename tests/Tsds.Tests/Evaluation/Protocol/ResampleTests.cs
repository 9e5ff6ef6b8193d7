using Tsds.Evaluation.Metrics;
using Tsds.Evaluation.Protocol;
using Tsds.Tests.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Protocol;

/// <summary>Values under resampled targets: what they must be, and what their intervals must cover.</summary>
public sealed class ResampleTests
{
    [Fact]
    public void WeightsOf_Groups_AreDrawnAsWholes()
    {
        string[] groups = ["a", "a", "b", "c", "c", "c"];
        HeldOutTargets targets = new(Rows(Vectors.Random(6, 3, 1)), groups, Ones(6), 300, 5, 1);
        Assert.Equal(1 / 6.0, targets.WeightsOf(0)[2]);
        double[] drawn = new double[6];
        for (int resample = 1; resample <= 300; resample++)
        {
            double[] weights = targets.WeightsOf(resample);
            Assert.Equal(1, weights.Sum(), 1e-12);
            Assert.Equal(weights[0], weights[1]);
            Assert.Equal(weights[3], weights[5]);
            drawn = [.. drawn.Zip(weights, (sum, weight) => sum + (weight > 0 ? 1 : 0))];
        }

        // Each group is missing from a resample with probability (2/3)³.
        Assert.All(drawn, count => Assert.InRange(count / 300, 0.6, 0.8));
    }

    [Fact]
    public void Transport_Resampled_IsALowerBoundNearTheSolution()
    {
        EmbeddingMatrix rows = Vectors.Random(40, 5, 1);
        HeldOutTargets targets = Targets(Vectors.Random(30, 5, 2, shift: 1), 40);
        Subsample subsample = SubsampleOf(rows, targets);
        Func<int, double> value = new TransportMetrics(isSquared: false).Prepare(subsample)[0];
        for (int resample = 0; resample <= 40; resample++)
        {
            double solved = OptimalTransport
                .Solve(subsample.Between, subsample.Weights, targets.WeightsOf(resample))
                .Cost;
            Assert.InRange(value(resample), 0.85 * solved, solved + 1e-9);
        }

        Assert.Equal(
            OptimalTransport.Solve(subsample.Between, subsample.Weights, targets.WeightsOf(0)).Cost,
            value(0),
            1e-12
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pairs_Resampled_AreTheQuadraticFormOfTheWeights(bool isGaussian)
    {
        PairKernel kernel = isGaussian ? PairKernel.Gaussian(1) : PairKernel.Energy;
        HeldOutTargets targets = Targets(Vectors.Random(12, 4, 2), 5);
        Subsample subsample = SubsampleOf(Vectors.Random(15, 4, 1), targets);
        Func<int, double> value = new PairMetrics("any", kernel, targets, 2).Prepare(subsample)[0];
        for (int resample = 0; resample <= 5; resample++)
        {
            double expected = QuadraticDiscrepancy.Of(
                kernel,
                subsample.Within,
                subsample.Between,
                targets.Within,
                subsample.Weights,
                targets.WeightsOf(resample)
            );

            // A V-statistic also pairs a target drawn twice with itself: the resampled energy lies below it by what
            // that adds.
            double squares = targets.WeightsOf(resample).Sum(weight => weight * weight);
            double own = isGaussian
                ? 0
                : (squares - (1.0 / 12))
                    * QuadraticDiscrepancy.Within(
                        kernel with
                        {
                            CountsOwnPair = false,
                        },
                        kernel.Apply(targets.Within.Values),
                        targets.WeightsOf(resample)
                    );
            Assert.Equal(expected + own, value(resample), 1e-12);
        }

        Assert.Equal(
            QuadraticDiscrepancy.Of(
                kernel,
                subsample.Within,
                subsample.Between,
                targets.Within,
                subsample.Weights,
                targets.WeightsOf(0)
            ),
            value(0),
            1e-12
        );
    }

    [Fact]
    public void Interval_OfASimulatedMean_CoversItAboutAsOftenAsItSays()
    {
        // Coverage distance of one row by targets of a known distribution; the truth from many targets.
        EmbeddingMatrix row = Vectors.Random(1, 4, 1);
        double truth = CoverageDistance.Of(row, Vectors.Random(20_000, 4, 2), 2).Mean;
        int covered = 0;
        const int Simulations = 150;
        for (int simulation = 0; simulation < Simulations; simulation++)
        {
            HeldOutTargets targets = Targets(Vectors.Random(40, 4, 1000 + simulation), 400, (ulong)simulation);
            Func<int, double> mean = new CoverageMetrics().Prepare(SubsampleOf(row, targets))[0];
            MetricValue value = new()
            {
                Name = "any",
                Better = MetricDirection.Smaller,
                Value = mean(0),
                Replicates = [.. Enumerable.Range(1, 400).Select(mean)],
            };
            covered += value.Interval!.Value.Low <= truth && truth <= value.Interval.Value.High ? 1 : 0;
        }

        // 95 %, a little less for 40 targets; four standard errors of 150 simulations are 7 %.
        Assert.InRange((double)covered / Simulations, 0.86, 1);
    }

    [Fact]
    public void Ngrams_AtTheTargetsThemselves_AreTheReductionButForSmoothing()
    {
        string[] texts = ["the red fox", "a red hen and a fox", "the blue whale", "grey owl"];
        Vocabulary vocabulary = Vocabulary.FromTexts(texts);
        RowSet heldOut = new(Vectors.Random(2, 3, 1), [1, 1], texts[..2], vocabulary, 1);
        RowSet rows = new(Vectors.Random(3, 3, 2), [1, 1, 1], texts[1..], vocabulary, 1);
        NgramDistribution pool = Count(texts);
        HeldOutTargets targets = new(heldOut, ["a", "b"], Ones(2), 3, 0, 1);
        double value = new NgramMetrics(pool, null).Prepare(new Subsample(rows, targets, rows.Shuffle(0, 0), 3, 0, 1))[
            0
        ](0);
        Assert.Equal(NgramDistribution.Reduction(Count(texts[..2]), pool, Count(texts[1..])), value, 5e-3);
    }

    /// <summary>
    /// Three targets of two tasks: the reduction of each task's texts by the definition, then the mean, however many
    /// targets a task has.
    /// </summary>
    [Fact]
    public void Ngrams_OfTasks_AreTheMeanOfTheReductionsOfEach()
    {
        string[] texts = ["the red fox", "a red hen and a fox", "the blue whale", "grey owl", "a red whale"];
        Vocabulary vocabulary = Vocabulary.FromTexts(texts);
        RowSet heldOut = new(Vectors.Random(3, 3, 1), [1, 1, 1], texts[..3], vocabulary, 1);
        RowSet rows = new(Vectors.Random(3, 3, 2), [1, 1, 1], texts[2..], vocabulary, 1);
        NgramDistribution pool = Count(texts);
        HeldOutTargets targets = new(heldOut, ["a", "b", "c"], Ones(3), 200, 0, 1);
        NgramMetrics metrics = new(pool, [4, 4, 0]);
        IReadOnlyList<Func<int, double>> values = metrics.Prepare(
            new Subsample(rows, targets, rows.Shuffle(0, 0), 3, 0, 1)
        );
        Assert.Equal(["klReduction", "klReductionTaskMean"], metrics.Definitions.Select(metric => metric.Name));

        NgramDistribution chosen = Count(texts[2..]);
        double first = NgramDistribution.Reduction(Count(texts[..2]), pool, chosen);
        double second = NgramDistribution.Reduction(Count(texts[2..3]), pool, chosen);
        Assert.Equal((first + second) / 2, values[1](0), 5e-3);
        Assert.True(Math.Abs(values[1](0) - values[0](0)) > 0.1);

        // Resamples that drew one task alone are that task's.
        int lonely = Enumerable.Range(1, 200).First(resample => targets.WeightsOf(resample)[2] == 1);
        Assert.Equal(second, values[1](lonely), 5e-3);
    }

    [Fact]
    public void TakeWords_AnyOrder_TakesExactlyAsManyWords()
    {
        string[] texts = ["one two three", "one two", "three"];
        RowSet rows = new(Vectors.Random(3, 3, 2), [1, 2, 1], texts, Vocabulary.FromTexts(texts), 1);
        HeldOutTargets targets = Targets(Vectors.Random(2, 3, 1), 1);
        Assert.Equal(8, rows.WordCount);
        for (int words = 1; words <= 9; words++)
        {
            Subsample subsample = new(rows, targets, rows.Shuffle(3, words), 1, words, 1);
            Assert.Equal(Math.Min(8, words), subsample.FirstWords().Sum(text => text.Length));
        }
    }

    private static NgramDistribution Count(IEnumerable<string> texts)
    {
        NgramDistribution distribution = new();
        foreach (string text in texts)
        {
            distribution.Add(HashedNgrams.Count(text));
        }

        return distribution;
    }

    private static HeldOutTargets Targets(EmbeddingMatrix vectors, int resamples, ulong seed = 0) =>
        new(
            Rows(vectors),
            [.. Enumerable.Range(0, vectors.Count).Select(target => $"{target}")],
            Ones(vectors.Count),
            resamples,
            seed,
            1
        );

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static Subsample SubsampleOf(EmbeddingMatrix vectors, HeldOutTargets targets)
    {
        RowSet rows = Rows(vectors);
        return new Subsample(rows, targets, rows.Shuffle(0, 0), vectors.Count, 0, 1);
    }

    private static RowSet Rows(EmbeddingMatrix vectors) =>
        new(vectors, Enumerable.Repeat(1L, vectors.Count).ToArray(), null, null, 1);
}
