using Tsds.Data.Files;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes the files of a selection: selected rows, lineage, targets, near-duplicates, path and tuning of a plan,
/// report, manifest.
/// </summary>
/// <param name="context">The job.</param>
/// <param name="inputs">Pool and targets.</param>
/// <param name="reporter">Writes the report, or null for none.</param>
internal sealed class BundleWriter(JobContext context, JobInputs inputs, ISelectionReporter? reporter)
{
    private readonly SourceLedger _sources = new();
    private IReadOnlyList<TaskAcquaintance> _acquaintance = [];

    /// <summary>Writes all files to the staging folder.</summary>
    /// <param name="selection">What was selected.</param>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public async Task<SelectionSummary> WriteAsync(Selection selection)
    {
        if (selection.Transport is { } solved)
        {
            selection = selection with
            {
                AlikeRows = await AlikeRows
                    .CountAsync(solved, inputs.Targets.Embeddings, context.Options.ThreadCount, context.Cancellation)
                    .ConfigureAwait(false),
            };
        }

        // What a sieve leaves is all near the targets: how near the pool's rows are by chance cannot be seen in it.
        _acquaintance = inputs.Pool.Sieve is null
            ? await TaskAcquaintance.MeasureAsync(context, inputs).ConfigureAwait(false)
            : [];
        IReadOnlyList<DuplicateGroup> groups = await FindGroupsAsync(selection).ConfigureAwait(false);
        ShownRows shown = new(reporter?.ChooseRows(selection, groups) ?? []);
        string selected = WriteRows(selection, groups, shown);
        WriteSideFiles(selection, groups);
        context.Timings.EndStage("writing");
        IReadOnlyList<TaskShare> tasks = selection.Transport is { } plan
            ? inputs.Targets.Tasks?.ShareOut(plan) ?? []
            : [];
        ManifestRecord manifest = new ManifestBuilder(context, inputs, selection).Build(tasks, FileHash.Of(selected));
        if (reporter is not null)
        {
            await WriteReportAsync(reporter, Report(selection, groups, tasks, shown, manifest)).ConfigureAwait(false);
            context.Timings.EndStage("reporting");
        }

        WriteManifest(manifest);
        return Summarize(selection, groups, tasks);
    }

    private async Task<IReadOnlyList<DuplicateGroup>> FindGroupsAsync(Selection selection)
    {
        (string scratch, int threads) = (context.Scratch.ScratchPathOf("copies.npy"), context.Options.ThreadCount);
        if (selection.Transport is { } plan)
        {
            ReadOnlyMemory<float> mean = plan.Views[0].Mean;
            ICandidatePool seen = mean.IsEmpty
                ? inputs.Candidates
                : inputs.Candidates.WithView(new PoolView(mean, default, 0));
            IReadOnlyList<DuplicateGroup> near = await DuplicateSearch
                .FindAsync(seen, plan, scratch, threads, context.Cancellation)
                .ConfigureAwait(false);
            return inputs.Copies.AddTo(near, plan.Plan.CandidateIds, row => DuplicateSearch.CountOf(plan, row));
        }

        return await DuplicateSearch
            .FindAsync(
                inputs.Candidates,
                RowsOf(selection),
                selection.Bandwidth,
                scratch,
                threads,
                context.Cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>Returns the chosen rows, ascending; of copies, the one chosen first represents the others.</summary>
    private static DuplicateRow[] RowsOf(Selection selection) =>
        [.. selection.Rows.ToArray().Select((row, rank) => new DuplicateRow(row, -rank, 1)).OrderBy(row => row.Row)];

    private string WriteRows(Selection selection, IReadOnlyList<DuplicateGroup> groups, ShownRows shown)
    {
        using LineageWriter lineage = new(
            selection,
            inputs.Targets.Tasks,
            groups,
            context.Scratch.PathOf(LineageFile.Lineage)
        );
        bool repeats = selection.Transport is not null && context.Spec.Sampling == SamplingMethod.Multinomial;
        return new SelectedFile(context, inputs, _sources).Write(lineage, repeats, shown);
    }

    private void WriteSideFiles(Selection selection, IReadOnlyList<DuplicateGroup> groups)
    {
        JsonLineWriter<TargetRecord>.WriteAll(
            context.Scratch.PathOf(LineageFile.Targets),
            BundleJson.Default.TargetRecord,
            TargetRecord.Of(selection, inputs.Targets, _sources)
        );
        if (selection.Transport is { } plan)
        {
            PathFile.Write(context.Scratch.PathOf("path.csv"), plan.Path);
        }

        if (selection.Bandwidth > 0 || groups.Count > 0)
        {
            JsonLineWriter<DuplicateGroup>.WriteAll(
                context.Scratch.PathOf(LineageFile.Groups),
                BundleJson.Default.DuplicateGroup,
                groups
            );
        }

        if (selection.Tuning is { } tuning)
        {
            TuningFile.Write(context.Scratch.PathOf(TuningFile.Name), tuning);
        }
    }

    private async Task WriteReportAsync(ISelectionReporter writer, ReportedSelection report)
    {
        string path = context.Scratch.PathOf(SelectionFiles.Report);
        FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        await using (stream.ConfigureAwait(false))
        {
            await writer.WriteAsync(report, stream, context.Cancellation).ConfigureAwait(false);
        }
    }

    private ReportedSelection Report(
        Selection selection,
        IReadOnlyList<DuplicateGroup> groups,
        IReadOnlyList<TaskShare> tasks,
        ShownRows shown,
        ManifestRecord manifest
    ) =>
        new()
        {
            Spec = context.Spec,
            Chosen = selection,
            CandidateCount = inputs.Candidates.Count,
            Sieve = inputs.Pool.Sieve,
            SkippedRows = inputs.SkippedRowCount,
            Pool = inputs.Pool.Pool,
            TargetEmbeddings = inputs.Targets.Embeddings,
            Targets = [.. Enumerable.Range(0, inputs.Targets.Count).Select(DescribeTarget)],
            Rows = shown.Found,
            Sources = _sources.Reached,
            CopyCount = inputs.Copies.Count,
            Acquaintance = _acquaintance,
            PoolSources = _sources.Pool,
            Clusters = groups,
            Tasks = tasks,
            Excluded = inputs.Exclusion.Count(),
            Manifest = JsonFile.ToText(manifest, BundleJson.Default.ManifestRecord),
        };

    private ReportedTarget DescribeTarget(int target)
    {
        string? task = inputs.Targets.Tasks?.NameOf(target);
        return inputs.Targets.Rows?[target] is { } row
            ? new ReportedTarget(task, row.Id, row.File, row.Line, row.Text)
            : new ReportedTarget(task, null, null, 0, "");
    }

    private void WriteManifest(ManifestRecord manifest)
    {
        StagedFolder folder = context.Scratch;
        OutputRecord[] outputs = [.. folder.Written().Select(name => OutputRecord.Of(folder.Folder, name))];
        JsonFile.Write(
            folder.PathOf(SelectionFiles.Manifest),
            manifest with
            {
                Outputs = outputs,
                Run = ManifestRun.Of(context),
            },
            BundleJson.Default.ManifestRecord
        );
    }

    private SelectionSummary Summarize(
        Selection selection,
        IReadOnlyList<DuplicateGroup> groups,
        IReadOnlyList<TaskShare> tasks
    )
    {
        const int Lines = 3;
        SelectionResult? plan = selection.Transport;
        return new SelectionSummary
        {
            Method = context.Spec.Method,
            PoolRows = inputs.Candidates.Count,
            Sieve = inputs.Pool.Sieve,
            TargetRows = inputs.Targets.Count,
            SkippedRows = inputs.SkippedRowCount,
            NearDuplicateCount = plan?.NearDuplicateCount ?? groups.Sum(group => group.Members.Count),
            CopyCount = inputs.Copies.Count,
            Acquaintance = _acquaintance,
            Relevance = plan is null ? [] : RelevanceSummary.Of(plan, inputs.Targets.Tasks),
            AlikeRows = selection.AlikeRows,
            Bandwidth = selection.Bandwidth,
            Plan = plan is null ? null : PlanSummary.Of(plan),
            Budget = selection.Budget,
            Tokens = selection.Tokens,
            Shares = selection.Shares,
            Rows = selection.RowCount,
            DistinctRows = selection.Rows.Length,
            TopSources = _sources.Top(Lines),
            Tasks = tasks,
            Excluded = inputs.Exclusion.Count(),
            HardestTargets =
            [
                .. Enumerable
                    .Range(0, selection.NearestDistances.Count)
                    .OrderByDescending(target => selection.NearestDistances[target])
                    .Take(Lines)
                    .Select(target => HardTarget.Of(inputs.Targets, target, selection.NearestDistances[target])),
            ],
            Tuning = selection.Tuning?.MarkedCurve ?? [],
            FilesWritten = [],
            Elapsed = TimeSpan.Zero,
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
    }
}
