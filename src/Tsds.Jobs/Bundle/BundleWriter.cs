using Tsds.Data.Files;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes the output bundle of a result: selected rows, lineage, targets, near-duplicates, path, report, manifest.
/// </summary>
internal sealed class BundleWriter(
    SelectionJobOptions options,
    EmbeddedInputs inputs,
    OutputFolder output,
    IProgress<SelectionProgress>? progress
)
{
    private const int SummaryLines = 3;

    private readonly SourceLedger _sources = new();
    private IReadOnlyList<TaskShare> _tasks = [];
    private IReadOnlyList<DuplicateGroup> _clusters = [];

    /// <summary>Writes all files into the staging folder.</summary>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public async Task<SelectionSummary> WriteAsync(
        SelectionOutcome outcome,
        RunRecord run,
        CancellationToken cancellationToken
    )
    {
        SelectionResult result = outcome.Result;
        _clusters = await DuplicateSearch
            .FindAsync(inputs.Pool, result, output.ScratchPathOf("copies.npy"), options.ThreadCount, cancellationToken)
            .ConfigureAwait(false);
        MethodResult chosen = new(result.CandidateIds) { Transport = result };
        ShownRows shown = new(options.Reporter?.ChooseRows(chosen, _clusters) ?? []);
        string selected;
        using (CandidateLineage lineage = new(result, inputs.Tasks, _clusters, output.PathOf(LineageFile.Lineage)))
        {
            bool repeats = options.Selection.Sampling == SamplingMethod.Multinomial;
            selected = new SelectedFile(inputs, output, _sources, progress).Write(
                lineage,
                repeats,
                shown,
                cancellationToken
            );
        }

        _tasks = inputs.Tasks?.ShareOut(result) ?? [];
        TargetFile.Write(output.PathOf(LineageFile.Targets), result, inputs.TargetRows, inputs.Tasks, _sources);
        PathFile.Write(output.PathOf("path.csv"), result.Path);
        if (result.Bandwidth > 0)
        {
            DuplicateFile.Write(output.PathOf(DuplicateFile.Name), _clusters);
        }

        if (outcome.Tuning is { } tuning)
        {
            TuningFile.Write(output.PathOf(TuningFile.Name), tuning);
        }

        run.EndStage("writing");
        ManifestFile manifest = DescribeManifest(outcome, FileHash.Of(selected));
        if (options.Reporter is { } reporter)
        {
            ReportFile report = new()
            {
                Job = options,
                Inputs = inputs,
                Result = chosen,
                Budget = outcome.BudgetRows,
                Bandwidth = result.Bandwidth,
                Clusters = _clusters,
                Sources = _sources,
                Rows = shown.Found,
                Outcome = outcome,
                Tasks = _tasks,
            };
            await report
                .WriteAsync(reporter, output.PathOf(ReportFile.Name), manifest, cancellationToken)
                .ConfigureAwait(false);
            run.EndStage("reporting");
        }

        manifest.Write(output.PathOf(OutputFolder.Manifest), output.Written(), run);
        return Summarize(outcome) with { Tuning = outcome.Tuning?.Curve };
    }

    private ManifestFile DescribeManifest(SelectionOutcome outcome, string selectionSha256) =>
        new()
        {
            Job = options,
            Inputs = inputs,
            Tasks = _tasks,
            Outcome = outcome,
            SelectionSha256 = selectionSha256,
        };

    private SelectionSummary Summarize(SelectionOutcome outcome)
    {
        SelectionResult result = outcome.Result;
        return new()
        {
            Method = options.MethodName,
            PoolRows = inputs.Pool.Count,
            TargetRows = inputs.Targets.Count,
            SkippedRows = inputs.SkippedRowCount,
            NearDuplicateCount = result.NearDuplicateCount,
            DensitiesEvaluated = result.DensitiesEvaluated,
            Alpha = result.Alpha,
            Scale = result.Scale,
            Bandwidth = result.Bandwidth,
            EffectiveNeighbors = result.EffectiveNeighbors,
            Certificate = result.Certificate,
            Budget = outcome.BudgetRows,
            Tokens = outcome.Tokens,
            Shares = outcome.Shares,
            Rows = result.Counts.ToArray().Sum(),
            DistinctRows = result.CandidateIds.Length,
            ExpectedDistinct = result.ExpectedDistinct,
            TopSources = _sources.Top(SummaryLines),
            Tasks = _tasks,
            Excluded = inputs.Excluded.Count(),
            HardestTargets =
            [
                .. result
                    .Targets.OrderByDescending(target => target.NearestDistance)
                    .ThenBy(target => target.Target)
                    .Take(SummaryLines)
                    .Select(target => inputs.Describe(target.Target, target.NearestDistance)),
            ],
            FilesWritten = [],
            Elapsed = TimeSpan.Zero,
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
    }
}
