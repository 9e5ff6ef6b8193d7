using Tsds.Data.Files;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes the output bundle of a result: selected rows, lineage, targets, near-duplicates, path, report, manifest.
/// </summary>
internal sealed class BundleWriter(JobContext context, JobInputs inputs, ISelectionReporter? reporter)
{
    private const int SummaryLines = 3;

    private readonly SourceLedger _sources = new();
    private IReadOnlyList<TaskShare> _tasks = [];
    private IReadOnlyList<DuplicateGroup> _clusters = [];
    private long? _alike;

    /// <summary>Writes all files into the staging folder.</summary>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public async Task<SelectionSummary> WriteAsync(SelectionOutcome outcome)
    {
        SelectionResult result = outcome.Result;
        IReadOnlyList<DuplicateGroup> near = await DuplicateSearch
            .FindAsync(
                result.Views[0].Mean.IsEmpty
                    ? inputs.Candidates
                    : inputs.Candidates.WithView(new PoolView(result.Views[0].Mean, default, 0)),
                result,
                context.Scratch.ScratchPathOf("copies.npy"),
                context.Options.ThreadCount,
                context.Cancellation
            )
            .ConfigureAwait(false);
        _clusters = inputs.Copies.AddTo(near, result.Plan.CandidateIds, row => DuplicateSearch.CountOf(result, row));
        _alike = await AlikeRows
            .CountAsync(result, inputs.Targets.Embeddings, context.Options.ThreadCount, context.Cancellation)
            .ConfigureAwait(false);
        MethodResult chosen = new(result.CandidateIds) { Transport = result };
        ShownRows shown = new(reporter?.ChooseRows(chosen, _clusters) ?? []);
        string selected;
        using (
            CandidateLineage lineage = new(
                result,
                inputs.Targets.Tasks,
                _clusters,
                context.Scratch.PathOf(LineageFile.Lineage)
            )
        )
        {
            bool repeats = context.Spec.Sampling == SamplingMethod.Multinomial;
            selected = new SelectedFile(context, inputs, _sources).Write(lineage, repeats, shown);
        }

        _tasks = inputs.Targets.Tasks?.ShareOut(result) ?? [];
        TargetFile.Write(
            context.Scratch.PathOf(LineageFile.Targets),
            result,
            inputs.Targets.Rows,
            inputs.Targets.Tasks,
            _sources
        );
        PathFile.Write(context.Scratch.PathOf("path.csv"), result.Path);
        if (result.Bandwidth > 0 || _clusters.Count > 0)
        {
            DuplicateFile.Write(context.Scratch.PathOf(DuplicateFile.Name), _clusters);
        }

        if (outcome.Tuning is { } tuning)
        {
            TuningFile.Write(context.Scratch.PathOf(TuningFile.Name), tuning);
        }

        context.Timings.EndStage("writing");
        ManifestFile manifest = DescribeManifest(outcome, FileHash.Of(selected));
        if (reporter is not null)
        {
            ReportFile report = new()
            {
                Context = context,
                Inputs = inputs,
                Result = chosen,
                Budget = outcome.BudgetRows,
                Bandwidth = result.Bandwidth,
                Clusters = _clusters,
                Sources = _sources,
                Rows = shown.Found,
                Outcome = outcome,
                Tasks = _tasks,
                AlikeRows = _alike,
            };
            await report.WriteAsync(reporter, context.Scratch.PathOf(ReportFile.Name), manifest).ConfigureAwait(false);
            context.Timings.EndStage("reporting");
        }

        manifest.Write(context.Scratch.PathOf(SelectionFiles.Manifest), context.Scratch.Written());
        return Summarize(outcome) with { Tuning = outcome.Tuning };
    }

    private ManifestFile DescribeManifest(SelectionOutcome outcome, string selectionSha256) =>
        new()
        {
            Context = context,
            Inputs = inputs,
            Tasks = _tasks,
            Outcome = outcome,
            AlikeRows = _alike,
            SelectionSha256 = selectionSha256,
        };

    private SelectionSummary Summarize(SelectionOutcome outcome)
    {
        SelectionResult result = outcome.Result;
        return new()
        {
            Method = context.Spec.Method,
            PoolRows = inputs.Candidates.Count,
            TargetRows = inputs.Targets.Count,
            SkippedRows = inputs.SkippedRowCount,
            NearDuplicateCount = result.NearDuplicateCount,
            CopyCount = inputs.Copies.Count,
            Relevance = RelevanceSummary.Of(result, inputs.Targets.Tasks),
            AlikeRows = _alike,
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
            Excluded = inputs.Exclusion.Count(),
            HardestTargets =
            [
                .. result
                    .Targets.OrderByDescending(target => target.NearestDistance)
                    .ThenBy(target => target.Target)
                    .Take(SummaryLines)
                    .Select(target => HardTarget.Of(inputs.Targets, target.Target, target.NearestDistance)),
            ],
            FilesWritten = [],
            Elapsed = TimeSpan.Zero,
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
    }
}
