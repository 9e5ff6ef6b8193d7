using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Cli;

/// <summary>A job that does nothing, remembers what it was asked, and answers with fixed values.</summary>
internal sealed class FakeJob
{
    public static SelectionEstimate Plan { get; } =
        new(
            ["pool/a.jsonl", "pool/b.jsonl.zst", "pool/c.jsonl", "pool/d.jsonl", "pool/e.jsonl"],
            ["targets.jsonl"],
            PoolBytes: 48_200_000,
            PoolRows: null,
            TargetRows: 200,
            "lexical",
            256,
            MemoryBytes: 312_000_000,
            ["With alpha 0 the density of all candidates is needed: expect minutes."]
        );

    public static SelectionSummary Summary { get; } =
        new()
        {
            Method = SelectionMethods.Default,
            PoolRows = 129_521,
            TargetRows = 200,
            SkippedRows = 3,
            NearDuplicateCount = 1_234,
            CopyCount = 2_048,
            Relevance =
            [
                new RelevanceSummary("folding", 0.934, 0.8412),
                new RelevanceSummary("travel\u001b[31m", 0, double.NaN),
            ],
            Acquaintance =
            [
                new TaskAcquaintance("folding", 0.0437, 0.01),
                new TaskAcquaintance("travel\u001b[31m", 0.4213, 0.03),
            ],
            AlikeRows = 5_120,
            Tuning =
            [
                new TuningPoint(0.4, 0.1, 1.0432105, 0.0123),
                new TuningPoint(0.4, 0.5, 0.9954321, 0.0111) { IsChosen = true },
                new TuningPoint(0.4, 0.9, double.NaN, double.NaN),
            ],
            Bandwidth = 0.4126,
            Plan = new PlanSummary(
                Alpha: 0.5,
                Scale: 1.23456,
                EffectiveNeighbors: 32.381,
                new Certificate(0.1080218, 0.1080218 - 1.2e-12, IsComplete: true),
                ExpectedDistinct: 5_901.4,
                DensitiesEvaluated: 20_480
            ),
            Budget = 6_476,
            Rows = 6_476,
            DistinctRows = 6_476,
            TopSources =
            [
                new SourceShare("cooking", 3_100, 0.4787),
                new SourceShare("travel\u001b[31m", 912, 0.1408),
                new SourceShare("a", 7, 0.001),
            ],
            HardestTargets =
            [
                new HardTarget(
                    12,
                    "t-12",
                    0.91234,
                    "How do I fold a paper crane\nthat stands?\u0007 I have tried three times, and each time "
                        + "the neck came out crooked."
                ),
                new HardTarget(7, null, 0.9, null),
            ],
            FilesWritten =
            [
                "out/selected.jsonl",
                "out/lineage.jsonl",
                "out/targets.jsonl",
                "out/path.csv",
                "out/manifest.json",
            ],
            Elapsed = TimeSpan.FromSeconds(12.34),
            PeakMemoryBytes = 498_000_000,
        };

    /// <summary>Gets the exception thrown in place of a result, or null.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Gets whether the run is made with TSDS_DEBUG=1.</summary>
    public bool IsDebug { get; init; }

    /// <summary>Gets the progress reported before the result.</summary>
    public IReadOnlyList<SelectionProgress> Reports { get; init; } = [];

    private static JobFiles Files { get; } =
        new()
        {
            PoolFiles = [],
            TargetFiles = [],
            PoolVectors = [],
            TargetVectors = [],
        };

    public SelectionJobOptions? Planned { get; private set; }

    public SelectionJobOptions? Ran { get; private set; }

    public SelectionEstimate MakePlan(SelectionJobOptions options)
    {
        Planned = options;
        return Plan with { Job = new PreparedSelection(options, Files) };
    }

    public Task<SelectionSummary> RunAsync(
        SelectionEstimate estimate,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Ran = estimate.Job.Options;
        foreach (SelectionProgress report in Reports)
        {
            progress?.Report(report);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Failure is null ? Task.FromResult(Summary) : Task.FromException<SelectionSummary>(Failure);
    }
}
