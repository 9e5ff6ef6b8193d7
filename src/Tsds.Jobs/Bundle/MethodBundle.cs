using Tsds.Data.Files;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes the output bundle of a method without a plan: selected rows, lineage, targets, near-duplicates, report,
/// manifest.
/// </summary>
internal sealed class MethodBundle(JobContext context, JobInputs inputs, ISelectionReporter? reporter)
{
    private const int SummaryLines = 3;

    private readonly SourceLedger _sources = new();
    private IReadOnlyList<DuplicateGroup> _clusters = [];

    /// <summary>Writes all files into the staging folder.</summary>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public async Task<SelectionSummary> WriteAsync(MethodOutcome chosen)
    {
        _clusters = await DuplicateSearch
            .FindAsync(
                inputs.Candidates,
                RowsOf(chosen.Result),
                chosen.Bandwidth,
                context.Scratch.ScratchPathOf("copies.npy"),
                context.Options.ThreadCount,
                context.Cancellation
            )
            .ConfigureAwait(false);
        ShownRows shown = new(reporter?.ChooseRows(chosen.Result, _clusters) ?? []);
        string selected;
        using (MethodLineage lineage = new(chosen.Result, _clusters, context.Scratch.PathOf(LineageFile.Lineage)))
        {
            selected = new SelectedFile(context, inputs, _sources).Write(lineage, repeats: false, shown);
        }

        WriteTargets(chosen);
        if (chosen.Bandwidth > 0)
        {
            DuplicateFile.Write(context.Scratch.PathOf(DuplicateFile.Name), _clusters);
        }

        context.Timings.EndStage("writing");
        ManifestFile manifest = new()
        {
            Context = context,
            Inputs = inputs,
            Chosen = chosen,
            SelectionSha256 = FileHash.Of(selected),
        };
        if (reporter is not null)
        {
            ReportFile report = new()
            {
                Context = context,
                Inputs = inputs,
                Result = chosen.Result,
                Budget = chosen.Budget,
                Bandwidth = chosen.Bandwidth,
                Clusters = _clusters,
                Sources = _sources,
                Rows = shown.Found,
                SelectedDistances = chosen.SelectedDistances,
            };
            await report.WriteAsync(reporter, context.Scratch.PathOf(ReportFile.Name), manifest).ConfigureAwait(false);
            context.Timings.EndStage("reporting");
        }

        manifest.Write(context.Scratch.PathOf(SelectionFiles.Manifest), context.Scratch.Written());
        return Summarize(chosen);
    }

    /// <summary>The chosen rows, ascending; of copies, the one chosen first represents the others.</summary>
    private static DuplicateRow[] RowsOf(MethodResult result)
    {
        DuplicateRow[] rows = [.. result.CandidateIds.ToArray().Select((row, rank) => new DuplicateRow(row, -rank, 1))];
        Array.Sort(rows, static (a, b) => a.Row.CompareTo(b.Row));
        return rows;
    }

    /// <summary>
    /// Writes <c>targets.jsonl</c>: how near each target is to the pool, and how near to what was selected of it.
    /// </summary>
    private void WriteTargets(MethodOutcome chosen)
    {
        using JsonLineWriter writer = new(context.Scratch.PathOf(LineageFile.Targets));
        for (int target = 0; target < chosen.NearestDistances.Length; target++)
        {
            int number = target;
            writer.Write(json =>
            {
                TargetFile.WriteIdentity(json, number, inputs.Targets.Rows, inputs.Targets.Tasks);
                json.WriteNumber("nearestDistance", chosen.NearestDistances[number]);
                json.WriteNumber("selectedDistance", chosen.SelectedDistances[number]);
            });
        }
    }

    private SelectionSummary Summarize(MethodOutcome chosen) =>
        new()
        {
            Method = context.Spec.Method,
            PoolRows = inputs.Candidates.Count,
            TargetRows = inputs.Targets.Count,
            SkippedRows = inputs.SkippedRowCount,
            NearDuplicateCount = _clusters.Sum(cluster => cluster.Members.Count),
            DensitiesEvaluated = 0,
            Alpha = double.NaN,
            Scale = double.NaN,
            Bandwidth = chosen.Bandwidth,
            EffectiveNeighbors = null,
            Certificate = null,
            Budget = chosen.Budget,
            Rows = chosen.Result.CandidateIds.Length,
            DistinctRows = chosen.Result.CandidateIds.Length,
            ExpectedDistinct = double.NaN,
            TopSources = _sources.Top(SummaryLines),
            Excluded = inputs.Exclusion.Count(),
            HardestTargets =
            [
                .. Enumerable
                    .Range(0, chosen.NearestDistances.Length)
                    .OrderByDescending(target => chosen.NearestDistances[target])
                    .Take(SummaryLines)
                    .Select(target => HardTarget.Of(inputs.Targets, target, chosen.NearestDistances[target])),
            ],
            FilesWritten = [],
            Elapsed = TimeSpan.Zero,
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
}
