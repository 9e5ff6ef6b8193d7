using Tsds.Data;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Jobs.Compare;

public sealed class CompareJobTests : IDisposable
{
    private readonly ComparedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_RowsOfTheTargetsKind_BeatChance()
    {
        CompareSummary summary = await ComparedFolder.RunAsync(_folder.Job with { SeedCount = 2 });
        Assert.Equal(["tsds", "random", "max-sim"], summary.Methods.Select(score => score.Method));
        Assert.Equal((150, 12, 5, 20), (summary.PoolRows, summary.TargetRows, summary.Folds, summary.Budget));
        Assert.All(
            summary.Methods.Where(score => score.Method != "random"),
            score => Assert.True(score.WassersteinSkill > 0.5, $"{score}")
        );
        Assert.InRange(summary.Methods[1].WassersteinSkill!.Value, -0.5, 0.5);
        Assert.InRange(summary.Methods[0].Gap!.Value, 0, Certificate.Tolerance);
        Assert.Null(summary.Methods[1].Gap);
        Assert.Equal(1, _folder.Metric("out", "tsds", "certified"));
        Assert.Equal(1, _folder.Metric("out", "max-sim", "stability"));
        Assert.InRange(_folder.Metric("out", "random", "stability"), 0, 0.5);

        // Twelve targets in five folds: each guide has nine or ten, and a target sends its share at most.
        Assert.InRange(_folder.Metric("out", "tsds", "targetInfluence"), 0, 1 / 9.0);
        Assert.Equal(20 * 8 * 0.75, summary.Methods[0].Tokens!.Value, 20 * 8 * 0.25);
        Assert.Empty(summary.LeftOut);

        // The targets have no say in what chance draws, and so it is the same in every fold.
        Assert.Equal(20, _folder.Selected("out", "random").Distinct().Count());
        Assert.True(_folder.Selected("out", "max-sim").Distinct().Count() > 20);
    }

    [Fact]
    public async Task RunAsync_AnyNumberOfThreads_WritesTheSameBytes()
    {
        CompareJobOptions job = _folder.Job;
        await ComparedFolder.RunAsync(job with { Job = job.Job with { ThreadCount = 1 } });
        await ComparedFolder.RunAsync(job with { Job = job.Job with { ThreadCount = 3, Output = _folder["again"] } });
        Assert.Equal(_folder.Read("out"), _folder.Read("again"));
    }

    [Fact]
    public async Task RunAsync_CancelledBehindAMethod_GoesOnToTheSameBytes()
    {
        await ComparedFolder.RunAsync(_folder.Job);
        CompareJobOptions job = _folder.Job with { Job = _folder.Job.Job with { Output = _folder["again"] } };
        using CancellationTokenSource cancellation = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            CompareJob.RunAsync(job, null, new Callback(cancellation.Cancel), cancellation.Token)
        );
        Assert.False(File.Exists(Path.Combine(_folder["again"], "metrics.json")));
        Assert.Equal(
            ["tsds.json"],
            Directory.GetFiles(Path.Combine(_folder["again"], "methods")).Select(Path.GetFileName)
        );

        CompareSummary summary = await ComparedFolder.RunAsync(job);
        Assert.Equal(1, summary.KnownMethods);
        Assert.Equal(_folder.Read("out"), _folder.Read("again"));
    }

    [Fact]
    public async Task RunAsync_OneMethodMore_SelectsWithThatOneAlone()
    {
        await ComparedFolder.RunAsync(_folder.Job with { Methods = ["random"] });
        string damaged = Path.Combine(_folder["out"], "methods", "tsds.json");
        File.WriteAllText(damaged, File.ReadAllText(damaged)[..100]);
        CompareSummary summary = await ComparedFolder.RunAsync(_folder.Job);
        Assert.Equal((3, 1), (summary.Methods.Count, summary.KnownMethods));
        await ComparedFolder.RunAsync(_folder.Job with { Job = _folder.Job.Job with { Output = _folder["again"] } });
        Assert.Equal(_folder.Read("again"), _folder.Read("out"));
    }

    [Fact]
    public async Task RunAsync_AnotherComparisonInTheFolder_IsRefusedUnlessForced()
    {
        await ComparedFolder.RunAsync(_folder.Job);
        string before = _folder.Read("out");
        CompareJobOptions other = _folder.Job with
        {
            Job = _folder.Job.Job with { Spec = Spec with { Budget = ComparedFolder.Rows("10%") } },
        };
        IOException refused = await Assert.ThrowsAsync<IOException>(() => ComparedFolder.RunAsync(other));
        Assert.Contains("another one", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Read("out"));

        CompareSummary forced = await ComparedFolder.RunAsync(other with { Job = other.Job with { Force = true } });
        Assert.Equal((15, 0), (forced.Budget, forced.KnownMethods));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder["full"]).FullName, "mine.txt"), "");
        await Assert.ThrowsAsync<IOException>(() =>
            ComparedFolder.RunAsync(other with { Job = other.Job with { Output = _folder["full"] } })
        );
    }

    [Fact]
    public async Task RunAsync_TestRows_AreLeaksUntilTheyAreExcluded()
    {
        // The first rows of the pool are of the targets' kind, so that some are chosen.
        File.WriteAllLines(_folder["test.jsonl"], File.ReadLines(_folder["pool.jsonl"]).Take(20));
        CompareJobOptions job = _folder.Job with { Test = [_folder["test.jsonl"]] };
        CompareSummary summary = await ComparedFolder.RunAsync(job);
        Assert.All(summary.Methods, score => Assert.InRange(score.LeakRate!.Value, 0.01, 1));
        Assert.Contains(_folder.Selected("out", "max-sim"), row => row < 20);

        job = job with { Job = job.Job with { Spec = Spec with { Exclude = job.Test }, Output = _folder["excluded"] } };
        summary = await ComparedFolder.RunAsync(job);
        Assert.Equal(130, summary.PoolRows);
        Assert.All(
            summary.Methods,
            score => Assert.DoesNotContain(_folder.Selected("excluded", score.Method), row => row < 20)
        );
        Assert.All(summary.Methods, score => Assert.Equal(0, _folder.Metric("excluded", score.Method, "leakTextRate")));
    }

    [Fact]
    public async Task RunAsync_VectorsAlone_LeavesOutWhatTextsTell()
    {
        CompareJobOptions job = _folder.Job with
        {
            Methods = [],
            Job = _folder.Job.Job with { Spec = Spec with { Pool = [], Targets = [] } },
        };
        CompareSummary summary = await ComparedFolder.RunAsync(job);
        Assert.Equal("tsds", summary.Methods[0].Method);
        Assert.All(summary.Methods, score => Assert.True(score is { KlReduction: null, Tokens: null }));
        Assert.All(summary.LeftOut, method => Assert.StartsWith("it needs ", method.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_WeightedTasks_GuideAndJudgeByTheirWeights()
    {
        CompareJobOptions job = _folder.Job with
        {
            Methods = ["random"],
            Job = _folder.Job.Job with
            {
                Spec = Spec with
                {
                    Targets = [_folder["targets.jsonl"], _folder["pool.jsonl"]],
                    TargetVectors = [$"near={_folder["targets.npy"]}:3", $"far={_folder["pool.npy"]}:1"],
                    Budget = ComparedFolder.Rows("10"),
                },
            },
        };
        CompareSummary summary = await ComparedFolder.RunAsync(job);
        Assert.Equal(1, summary.Folds);
        double weighted = _folder.Metric("out", "random", "coverageDistance");
        await ComparedFolder.RunAsync(
            job with
            {
                Job = job.Job with
                {
                    Spec = job.Job.Spec with { TargetVectors = [_folder["targets.npy"], _folder["pool.npy"]] },
                    Output = _folder["even"],
                },
            }
        );

        // Most rows of the pool are of the other kind, and near to what chance draws.
        Assert.True(weighted > _folder.Metric("even", "random", "coverageDistance"));
    }

    /// <summary>Tasks decide how targets are split: the same files in other tasks are another comparison.</summary>
    [Fact]
    public async Task RunAsync_SameFilesInOtherTasks_IsRefused()
    {
        CompareJobOptions job = _folder.Job with
        {
            Methods = ["random"],
            Job = _folder.Job.Job with
            {
                Spec = Spec with
                {
                    Targets = [_folder["targets.jsonl"], _folder["pool.jsonl"]],
                    Budget = ComparedFolder.Rows("10"),
                },
            },
        };
        await ComparedFolder.RunAsync(Named("near", "far"));
        IOException refused = await Assert.ThrowsAsync<IOException>(() =>
            ComparedFolder.RunAsync(Named("both", "both"))
        );
        Assert.Contains("another one", refused.Message, StringComparison.Ordinal);

        CompareJobOptions Named(string first, string second) =>
            job with
            {
                Job = job.Job with
                {
                    Spec = job.Job.Spec with
                    {
                        TargetVectors = [$"{first}={_folder["targets.npy"]}", $"{second}={_folder["pool.npy"]}"],
                    },
                },
            };
    }

    [Fact]
    public async Task RunAsync_AutomaticAlpha_IsTunedByTheSelectionSplit()
    {
        await ComparedFolder.RunAsync(
            _folder.Job with
            {
                Methods = ["tsds"],
                Job = _folder.Job.Job with { Spec = Spec with { Alpha = null } },
            }
        );
        Assert.Equal(1, _folder.Metric("out", "tsds", "certified"));
    }

    [Fact]
    public void Estimate_WhatNoComparisonCanDo_SaysWhat()
    {
        AssertRefused(
            _folder.Job with
            {
                Job = _folder.Job.Job with { Spec = Spec with { Budget = ComparedFolder.Rows("20ktok") } },
            },
            "same number of rows"
        );
        AssertRefused(
            _folder.Job with
            {
                Job = _folder.Job.Job with { Spec = Spec with { Keep = [_folder["targets.jsonl"]] } },
            },
            "not every method"
        );
        AssertRefused(_folder.Job with { Methods = ["guess"] }, "found 'guess'");
        AssertRefused(
            _folder.Job with
            {
                TestVectors = [_folder["targets.npy"]],
                Job = _folder.Job.Job with { Spec = Spec with { PoolVectors = [], TargetVectors = [] } },
            },
            "--test-vectors"
        );
    }

    [Fact]
    public void Estimate_Vectors_StatesMemoryAndMethods()
    {
        SelectionEstimate estimate = CompareJob.Estimate(_folder.Job).Selection;
        Assert.InRange(estimate.MemoryBytes!.Value, RuntimeMemory.Bytes, 200_000_000);
        Assert.Equal("methods: tsds, random, max-sim", estimate.Notes[0]);
        estimate = CompareJob
            .Estimate(
                _folder.Job with
                {
                    Job = _folder.Job.Job with { Spec = Spec with { PoolVectors = [], TargetVectors = [] } },
                }
            )
            .Selection;
        Assert.Contains("GB for a pool of 1,000,000 rows", estimate.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TooLittleMemory_DoesNotBegin()
    {
        CompareJobOptions job = _folder.Job with { Job = _folder.Job.Job with { MemoryLimit = 1_000_000 } };
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ComparedFolder.RunAsync(job)
        );
        Assert.Contains("--memory", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private SelectionSpec Spec => _folder.Job.Job.Spec;

    private static void AssertRefused(CompareJobOptions job, string part) =>
        Assert.Contains(
            part,
            Assert.Throws<ArgumentException>(() => CompareJob.Estimate(job)).Message,
            StringComparison.Ordinal
        );

    private sealed class Callback(Action act) : IProgress<MethodScore>
    {
        public void Report(MethodScore value) => act();
    }
}
