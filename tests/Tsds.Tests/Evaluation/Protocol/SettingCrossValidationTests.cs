using Tsds.Evaluation.Protocol;
using Tsds.Tests.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Protocol;

public sealed class SettingCrossValidationTests
{
    private static readonly SelectionOptions Options = new() { Budget = 40, ThreadCount = 2 };

    [Fact]
    public async Task TuneAsync_AnyPool_TakesTheSmallestOfItsCurve()
    {
        using Simulation simulation = new();
        SelectionTuning tuning = await TuneAsync(simulation, Options);
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], tuning.Curve.Select(point => point.Alpha));
        TuningPoint[] reached = [.. tuning.Curve.Where(point => !double.IsNaN(point.HeldOutDistance))];
        Assert.NotEmpty(reached);
        Assert.Equal(
            reached.Min(point => point.HeldOutDistance),
            reached.Single(point => point.Alpha == tuning.Selection.Alpha).HeldOutDistance
        );
        Assert.All(reached, point => Assert.True(point is { HeldOutDistance: > 0, StandardError: > 0 }));
        Assert.Equal(Options with { Alpha = tuning.Selection.Alpha }, tuning.Selection);
        Assert.Equal(tuning.Curve, (await TuneAsync(simulation, Options with { ThreadCount = 1 })).Curve);
    }

    [Fact]
    public async Task TuneAsync_Relevance_TakesTheSmallestOfFour()
    {
        using Simulation simulation = new();
        SettingCrossValidation tuner = new() { TunesRelevance = true };
        SelectionTuning tuning = await TuneAsync(simulation, Options with { Alpha = 0.3 }, tuner);
        Assert.Equal([0, 0.2, 0.4, 0.8], tuning.Curve.Select(point => point.Relevance));
        Assert.All(tuning.Curve, point => Assert.Equal(0.3, point.Alpha));
        Assert.Equal(
            tuning.Curve.Min(point => point.HeldOutDistance),
            tuning.Curve.Single(tuning.IsChosen).HeldOutDistance
        );
        Assert.True(tuning.Curve.Distinct().Select(point => point.HeldOutDistance).Distinct().Count() > 1);
    }

    [Fact]
    public async Task TuneAsync_Both_TriesAlphaAtTheRelevanceChosen()
    {
        using Simulation simulation = new();
        SettingCrossValidation both = new() { TunesRelevance = true, TunesAlpha = true };
        SelectionTuning tuning = await TuneAsync(simulation, Options, both);
        SelectionTuning first = await TuneAsync(
            simulation,
            Options,
            new SettingCrossValidation { TunesRelevance = true }
        );
        Assert.Equal(first.Curve, tuning.Curve.Take(4));
        Assert.All(tuning.Curve.Skip(4), point => Assert.Equal(first.Selection.Relevance, point.Relevance));
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], tuning.Curve.Skip(4).Select(point => point.Alpha));
        Assert.Single(tuning.Curve, tuning.IsChosen);
    }

    [Fact]
    public async Task TuneAsync_SeveralTasks_LetsEachGuideItsTargets()
    {
        // A task of one target has none in the guide of the fold that holds it out.
        using Simulation simulation = new();
        int[] tasks = [.. Enumerable.Range(0, simulation.Data.Targets.Count).Select(target => target == 0 ? 0 : 1)];
        SelectionTuning tuning = await TuneAsync(simulation, Options with { TargetTasks = tasks });
        Assert.Same(tasks, tuning.Selection.TargetTasks);
        Assert.NotEqual((await TuneAsync(simulation, Options)).Curve, tuning.Curve);
    }

    [Fact]
    public async Task TuneAsync_RowsOfTheTargetsKindAreFew_PrefersTheOnesNearby()
    {
        // With a fixed scale small α reaches far into rows of the other kind; the targets held out are all of the one
        // kind.
        using Simulation simulation = new(targetCount: 30, alike: 60, others: 400);
        SelectionTuning tuning = await TuneAsync(simulation, Options with { Scale = 0.5 });
        Assert.True(tuning.Selection.Alpha > 0.1, $"{tuning.Selection.Alpha}");
        Assert.True(
            tuning.Curve[0].HeldOutDistance
                > tuning.Curve.Where(point => !double.IsNaN(point.HeldOutDistance)).Min(point => point.HeldOutDistance)
        );
    }

    [Fact]
    public async Task TuneAsync_OneTarget_SaysThatTwoAreNeeded()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Random(50, 4, 1));
        EmbeddingMatrix same = Vectors.Random(1, 4, 2).Gather([0, 0, 0]);
        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            new SettingCrossValidation { TunesAlpha = true }.TuneAsync(
                pool,
                same,
                Options,
                null,
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("at least two groups", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TuneAsync_NeighborsGiven_Refuses()
    {
        using Simulation simulation = new();
        await Assert.ThrowsAsync<ArgumentException>(() =>
            TuneAsync(simulation, Options with { EffectiveNeighbors = 3 })
        );
    }

    [Fact]
    public async Task CachedPool_AnyQuestions_AnswersAsThePoolAndAsksOnce()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        EmbeddingMatrix rows = Vectors.Random(60, 4, 1);
        EmbeddingMatrix targets = Vectors.Random(5, 4, 2);
        using CandidatePool pool = CandidatePool.FromEmbeddings(rows);
        CachedPool cached = new(pool);
        foreach (
            (int[] chosen, int k) in new[] { (new[] { 0, 1 }, 7), ([1, 2, 1], 5), ([4, 0], 20), ([0, 1, 2, 3, 4], 3) }
        )
        {
            NeighborTable expected = await pool.FindNearestAsync(
                targets.Gather(chosen),
                k,
                cancellationToken: cancellation
            );
            NeighborTable found = await cached.FindNearestAsync(
                targets.Gather(chosen),
                k,
                cancellationToken: cancellation
            );
            for (int target = 0; target < chosen.Length; target++)
            {
                Assert.Equal(expected.CandidateIds(target), found.CandidateIds(target));
                Assert.Equal(expected.DistancesSquared(target), found.DistancesSquared(target));
            }

            Assert.Equal(
                await pool.EstimateDensitiesAsync(targets.Gather(chosen), 0.8, cancellationToken: cancellation),
                await cached.EstimateDensitiesAsync(targets.Gather(chosen), 0.8, cancellationToken: cancellation)
            );
        }

        Assert.Equal(
            await pool.EstimateDensitiesAsync(targets, 0.4, cancellationToken: cancellation),
            await cached.EstimateDensitiesAsync(targets, 0.4, cancellationToken: cancellation)
        );

        // What is known needs no pass: progress stays silent.
        bool isAsked = false;
        await cached.FindNearestAsync(targets, 3, new SynchronousProgress(() => isAsked = true), cancellation);
        Assert.False(isAsked);
    }

    private static Task<SelectionTuning> TuneAsync(
        Simulation simulation,
        SelectionOptions options,
        SettingCrossValidation? tuner = null
    ) =>
        (tuner ?? new SettingCrossValidation { TunesAlpha = true }).TuneAsync(
            simulation.Data.Pool,
            simulation.Data.Targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );

    private sealed class SynchronousProgress(Action report) : IProgress<long>
    {
        public void Report(long value) => report();
    }
}
