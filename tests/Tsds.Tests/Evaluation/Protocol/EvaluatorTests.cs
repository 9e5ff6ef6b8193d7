using System.Text.Json;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Compare;

namespace Tsds.Tests.Evaluation.Protocol;

public sealed class EvaluatorTests
{
    private static readonly EvaluatorOptions Quick = new()
    {
        ResampleCount = 200,
        RandomCount = 5,
        Bandwidth = 0.05,
        ThreadCount = 2,
    };

    private static readonly string[] Judging =
    [
        "wasserstein1",
        "wasserstein1WorstDecile",
        "coverageDistance",
        "klReduction",
        "crossEntropy",
        "maximumMeanDiscrepancySquared",
        "energyDistance",
    ];

    [Fact]
    public async Task EvaluateAsync_RealTargets_HaveSkillOne()
    {
        using Simulation simulation = new();
        Evaluator evaluator = await Evaluator.CreateAsync(
            simulation.Data,
            30,
            Quick,
            cancellationToken: TestContext.Current.CancellationToken
        );
        TargetFold fold = Assert.Single(evaluator.Folds);

        // The targets are the first rows of the pool, so the ceiling can be selected.
        Scorecard card = await EvaluateAsync(
            evaluator,
            new SelectedRows(fold.SelectionSplit.Select(target => (long)target).ToArray())
        );
        Assert.Equal((30, 30), (card.SampleSize, card.SkillSampleSize));
        Assert.All(
            Judging.Where(name => name != "crossEntropy"),
            name => Assert.Equal(1, card[name].Skill!.Value, 1e-9)
        );
        Assert.InRange(card["crossEntropy"].Skill!.Value, 0.9, 1.1);
    }

    [Fact]
    public async Task EvaluateAsync_RandomRows_HaveSkillZeroOnAverage()
    {
        using Simulation simulation = new();
        Evaluator evaluator = await Evaluator.CreateAsync(
            simulation.Data,
            30,
            Quick with
            {
                RandomCount = 10,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        List<Scorecard> cards = [];
        for (ulong seed = 100; seed < 112; seed++)
        {
            cards.Add(
                await EvaluateAsync(evaluator, new SelectedRows(RandomRows.Draw(simulation.Data.Pool.Count, 30, seed)))
            );
        }

        Assert.All(
            Judging,
            name =>
            {
                double[] skills = [.. cards.Select(card => card[name].Skill!.Value)];
                double deviation = Math.Sqrt(
                    skills.Sum(skill => Math.Pow(skill - skills.Average(), 2)) / (skills.Length - 1)
                );

                // The random selections that stand for 0 vary as well: ten of them against twelve.
                double error = deviation * Math.Sqrt((1.0 / skills.Length) + (1.0 / 10));
                Assert.InRange(skills.Average(), -4 * error, 4 * error);
            }
        );
    }

    [Fact]
    public async Task EvaluateAsync_RowsOfTheTargetsKind_BeatOthersAndLieInTheirIntervals()
    {
        using Simulation simulation = new();
        Evaluator evaluator = await Evaluator.CreateAsync(
            simulation.Data,
            40,
            Quick with
            {
                IsDetailed = true,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Scorecard alike = await EvaluateAsync(evaluator, simulation.Alike(40));
        Scorecard others = await EvaluateAsync(evaluator, simulation.Others(40));
        foreach (MetricValue metric in alike.Metrics.Where(metric => metric.Skill is not null))
        {
            // The test of two samples at these sizes is too coarse to tell rows of one kind from chance.
            if (!metric.Name.StartsWith("neighborhood", StringComparison.Ordinal))
            {
                Assert.True(metric.Skill > others[metric.Name].Skill, metric.Name);
            }
        }

        Assert.All(
            Judging.Except(["wasserstein1WorstDecile"]),
            name =>
            {
                Assert.InRange(alike[name].Skill!.Value, 0.5, 1.5);
                Assert.True(others[name].Skill < 0, name);
                Assert.InRange(
                    alike[name].Value,
                    alike[name].Interval!.Value.Low - 0.05,
                    alike[name].Interval!.Value.High + 0.05
                );
                Assert.True(alike[name].SkillInterval!.Value.Low < alike[name].SkillInterval!.Value.High);
            }
        );
        Assert.Equal(Math.Log(2), others["mixtureDivergenceToTargets"].Value, 1e-12);
        Assert.Equal(0, alike["mixtureDivergenceToTargets"].Value, 1e-12);
        Assert.Equal(1, alike["sinkhornConverged"].Value);
        Assert.Null(alike["vendi"].Interval);
        Assert.Equal(480, alike["words"].Value);
    }

    [Fact]
    public async Task EvaluateAsync_AnyNumberOfThreads_WritesTheSameBytes()
    {
        using Simulation simulation = new(targetCount: 20);
        List<string> written = [];
        foreach (int threads in new[] { 1, 3 })
        {
            Evaluator evaluator = await Evaluator.CreateAsync(
                simulation.Data,
                30,
                Quick with
                {
                    ThreadCount = threads,
                    IsDetailed = true,
                    LargestSample = 20,
                },
                cancellationToken: TestContext.Current.CancellationToken
            );
            SelectedRows[] selections = [.. evaluator.Folds.Select(_ => simulation.Alike(30))];
            Assert.Equal(5, selections.Length);
            Scorecard card = await evaluator.EvaluateAsync("alike", selections, TestContext.Current.CancellationToken);
            Assert.Equal(20, card.SampleSize);
            written.Add(Write(card));
            ScorecardRecord again = JsonSerializer.Deserialize(written[^1], CompareJson.Default.ScorecardRecord)!;
            Assert.Equal(written[^1], Write(again.ToScorecard()));
        }

        Assert.Equal(written[0], written[1]);
        using JsonDocument document = JsonDocument.Parse(written[0]);
        JsonElement transport = document.RootElement.GetProperty("metrics").GetProperty("wasserstein1");
        Assert.Equal("smaller", transport.GetProperty("better").GetString());
        Assert.Equal(2, transport.GetProperty("skillInterval").GetArrayLength());
    }

    [Fact]
    public async Task EvaluateAsync_CopiesAndRepeats_AreCounted()
    {
        using Simulation simulation = new();
        Evaluator evaluator = await Evaluator.CreateAsync(
            simulation.Data with
            {
                Test = simulation.Data.Targets,
                TestTexts = simulation.Data.TargetTexts,
            },
            10,
            Quick,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Scorecard card = await EvaluateAsync(
            evaluator,
            new SelectedRows(new long[] { 0, 1, 100, 101 }, new long[] { 3, 1, 1, 1 })
        );
        Assert.Equal(4, card["distinctRows"].Value);
        Assert.Equal(3, card["effectiveSampleSize"].Value, 1e-12);
        Assert.Equal(0.5, card["nearDuplicateRate"].Value);
        Assert.Equal(4 / 6.0, card["leakRate"].Value, 1e-12);
        Assert.Equal(0.5, card["leakTextRate"].Value);
        Assert.Equal(0, card["exactDuplicateRate"].Value);
    }

    [Fact]
    public async Task EvaluateAsync_WeightedTargets_JudgeByTheirWeights()
    {
        using Simulation simulation = new(targetCount: 40);
        TargetFold fold = new() { SelectionSplit = [0, 1, 2], HeldOut = [3, 4, 5] };
        double[] distances = new double[3];
        for (int i = 0; i < 3; i++)
        {
            distances[i] = (await EvaluateAsync(simulation.Data, fold with { HeldOut = [fold.HeldOut[i]] }))[
                "coverageDistance"
            ].Value;
        }

        EvaluationData data = simulation.Data with
        {
            TargetWeights = [.. Enumerable.Range(0, 40).Select(target => (double)target)],
        };
        Scorecard card = await EvaluateAsync(data, fold);
        Assert.Equal(
            ((3 * distances[0]) + (4 * distances[1]) + (5 * distances[2])) / 12,
            card["coverageDistance"].Value,
            1e-12
        );
        MetricValue energy = card["energyDistance"];
        Assert.InRange(energy.Value, energy.Interval!.Value.Low, energy.Interval!.Value.High);

        async Task<Scorecard> EvaluateAsync(EvaluationData data, TargetFold fold) =>
            await EvaluatorTests.EvaluateAsync(
                await Evaluator.CreateAsync(data, 10, Quick, [fold], TestContext.Current.CancellationToken),
                simulation.Alike(10)
            );
    }

    /// <summary>
    /// Lengths of 8 to 15 tokens are one kind, from 16 on another: the pool has two sevenths of the first, the
    /// selection none.
    /// </summary>
    [Fact]
    public async Task EvaluateAsync_Lengths_AreComparedByPowersOfTwo()
    {
        using Simulation simulation = new();
        long[] tokens = [.. Enumerable.Range(0, 420).Select(row => row < 120 ? 8L + (row % 8) : 16 + (row % 16))];
        EvaluationData data = simulation.Data with { PoolTokens = tokens, PoolSupervisedTokens = tokens };
        Evaluator evaluator = await Evaluator.CreateAsync(
            data,
            40,
            Quick,
            cancellationToken: TestContext.Current.CancellationToken
        );
        double expected = 0.5 * (Math.Log(7 / 6.0) + (2 / 7.0 * Math.Log(2)) + (5 / 7.0 * Math.Log(5 / 6.0)));
        Assert.Equal(
            expected,
            (await EvaluateAsync(evaluator, simulation.Others(40)))["lengthDivergenceToPool"].Value,
            1e-12
        );
    }

    [Fact]
    public async Task EvaluateAsync_SeveralTasks_HaveTheirMeanInEveryFold()
    {
        using Simulation simulation = new(targetCount: 20);
        EvaluationData data = simulation.Data with
        {
            TargetTasks = [.. Enumerable.Range(0, 20).Select(target => target < 2 ? 0 : 1)],
        };
        Scorecard card = await EvaluateAsync(data);
        Assert.InRange(card["klReductionTaskMean"].Skill!.Value, 0.5, 1.5);
        Assert.NotEqual(card["klReduction"].Value, card["klReductionTaskMean"].Value);
        Assert.DoesNotContain(
            (await EvaluateAsync(data with { TargetTasks = [.. Enumerable.Repeat(3, 20)] })).Metrics,
            metric => metric.Name == "klReductionTaskMean"
        );

        async Task<Scorecard> EvaluateAsync(EvaluationData data)
        {
            Evaluator evaluator = await Evaluator.CreateAsync(
                data,
                20,
                Quick,
                cancellationToken: TestContext.Current.CancellationToken
            );
            return await evaluator.EvaluateAsync(
                "alike",
                [.. evaluator.Folds.Select(_ => simulation.Alike(20))],
                TestContext.Current.CancellationToken
            );
        }
    }

    [Fact]
    public async Task CreateAsync_HiddenRows_AreNotDrawnByChance()
    {
        using Simulation simulation = new();
        long[] hidden = [.. Enumerable.Range(0, 300).Select(row => (long)row)];
        Evaluator evaluator = await Evaluator.CreateAsync(
            simulation.Data with
            {
                HiddenIds = hidden,
            },
            60,
            Quick,
            cancellationToken: TestContext.Current.CancellationToken
        );

        // What is left is of the other kind alone, and so is chance.
        MetricValue divergence = (await EvaluateAsync(evaluator, simulation.Others(60)))["mixtureDivergenceToPool"];
        Assert.Equal(0, divergence.Value, 1e-12);
        Assert.Equal([1, 3, 5], RandomRows.Draw(6, 6, 0, isHidden: row => row % 2 == 0));
    }

    [Fact]
    public async Task CreateAsync_VectorsAlone_LeavesOutWhatTextsTell()
    {
        using Simulation simulation = new();
        EvaluationData data = new() { Pool = simulation.Data.Pool, Targets = simulation.Data.Targets };
        Scorecard card = await EvaluateAsync(
            await Evaluator.CreateAsync(data, 10, Quick, cancellationToken: TestContext.Current.CancellationToken),
            simulation.Alike(10)
        );
        Assert.DoesNotContain(card.Metrics, metric => metric.Name is "crossEntropy" or "klReduction");
        Assert.Contains(
            "'crossEntropy'",
            Assert.Throws<KeyNotFoundException>(() => card["crossEntropy"]).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(0, card.WordCount);
    }

    [Fact]
    public async Task CreateAsync_DataThatDoNotFit_SaysWhat()
    {
        using Simulation simulation = new();
        EvaluationData data = simulation.Data;
        await AssertRefusedAsync(data with { TargetTexts = null }, null, "of one");
        await AssertRefusedAsync(data with { TargetTexts = ["a"] }, null, "texts of all 60 targets, found 1");
        await AssertRefusedAsync(
            data,
            [new TargetFold { SelectionSplit = [0, 1], HeldOut = [1, 2] }],
            "neither in the selection split"
        );
        await AssertRefusedAsync(data, [new TargetFold { SelectionSplit = [0, 1], HeldOut = [99] }], "0 to 59");
    }

    private static async Task AssertRefusedAsync(
        EvaluationData data,
        IReadOnlyList<TargetFold>? folds,
        string sentence
    ) =>
        Assert.Contains(
            sentence,
            (await Assert.ThrowsAsync<ArgumentException>(() => Evaluator.CreateAsync(data, 10, Quick, folds))).Message,
            StringComparison.Ordinal
        );

    private static Task<Scorecard> EvaluateAsync(Evaluator evaluator, SelectedRows selection) =>
        evaluator.EvaluateAsync("any", [selection], TestContext.Current.CancellationToken);

    private static string Write(Scorecard card) =>
        JsonSerializer.Serialize(ScorecardRecord.Of(card), CompareJson.Default.ScorecardRecord);
}
