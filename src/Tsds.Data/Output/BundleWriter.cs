using Tsds.Data.Clusters;
using Tsds.Data.Constraints;
using Tsds.Data.Exclusion;
using Tsds.Data.Rows;

namespace Tsds.Data.Output;

/// <summary>Writes the output bundle of a result: selected rows, lineage, targets, near-duplicates, path, report, manifest.</summary>
internal sealed class BundleWriter(
    SelectionJobOptions options, EmbeddedInputs inputs, OutputFolder output, IProgress<SelectionProgress>? progress)
{
    private const int SummaryLines = 3;
    private const int SummaryTextLength = 80;

    private readonly SourceLedger _sources = new();
    private IReadOnlyList<TaskShare> _tasks = [];
    private IReadOnlyList<RowCluster> _clusters = [];

    /// <summary>Writes all files into the staging folder.</summary>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public async Task<SelectionSummary> WriteAsync(SelectionOutcome outcome, RunRecord run, CancellationToken cancellationToken)
    {
        SelectionResult result = outcome.Result;
        _clusters = await ClusterSearch
            .FindAsync(inputs.Pool, result, output.ScratchPathOf("copies.npy"), options.ThreadCount, cancellationToken)
            .ConfigureAwait(false);
        ShownRows shown = new(options.Reporter?.ChooseRows(result, _clusters) ?? []);
        string selected = inputs.PoolRows is null
            ? WriteSelectedIds(result)
            : WriteSelectedRows(inputs.PoolRows, result, shown, cancellationToken);
        _tasks = inputs.Tasks?.ShareOut(result) ?? [];
        TargetFile.Write(output.PathOf("targets.jsonl"), result, inputs.TargetRows, inputs.Tasks, _sources);
        PathFile.Write(output.PathOf("path.csv"), result.Path);
        if (result.Bandwidth > 0)
        {
            ClusterFile.Write(output.PathOf(ClusterFile.Name), _clusters);
        }

        if (outcome.Tuning is { } tuning)
        {
            TuningFile.Write(output.PathOf(TuningFile.Name), tuning);
        }

        run.EndStage("writing");
        ManifestFile manifest = DescribeManifest(outcome, FileHash.Of(selected));
        if (options.Reporter is not null)
        {
            ReportFile report = new()
            {
                Job = options,
                Inputs = inputs,
                Outcome = outcome,
                Clusters = _clusters,
                Tasks = _tasks,
                Sources = _sources,
                Rows = shown.Found,
            };
            await report.WriteAsync(output.PathOf(ReportFile.Name), manifest.ToText(), cancellationToken).ConfigureAwait(false);
            run.EndStage("reporting");
        }

        manifest.Write(output.PathOf(OutputFolder.Manifest), output.Written(), run);
        return Summarize(outcome) with { Tuning = outcome.Tuning?.Curve };
    }

    private ManifestFile DescribeManifest(SelectionOutcome outcome, string selectionSha256) => new()
    {
        Job = options,
        Result = outcome.Result,
        Tasks = _tasks,
        Excluded = inputs.Excluded,
        Outcome = outcome,
        Embedding = inputs.Embedding,
        Pool = inputs.PoolRows?.Files ?? [],
        Targets = inputs.TargetFiles,
        PoolVectors = inputs.PoolVectorFiles,
        TargetVectors = inputs.TargetVectorFiles,
        SkippedRows = inputs.SkippedRows,
        SelectionSha256 = selectionSha256,
    };

    /// <summary>Writes ids in pool order, repeated by count, where there are no rows to copy.</summary>
    private string WriteSelectedIds(SelectionResult result)
    {
        using (CandidateLineage lineage = new(result, inputs.Tasks, _clusters, output.PathOf("lineage.jsonl")))
        {
            while (lineage.NextCandidateId is not null)
            {
                lineage.Write(null, null);
            }
        }

        using (ExcludedFile excluded = new(inputs.Excluded, output.PathOf("excluded.jsonl")))
        {
            while (excluded.NextCandidateId is not null)
            {
                excluded.Write(null, null);
            }
        }

        List<long> ids = [];
        for (int i = 0; i < result.CandidateIds.Length; i++)
        {
            ids.AddRange(Enumerable.Repeat(result.CandidateIds.Span[i], checked((int)result.Counts.Span[i])));
        }

        string path = output.PathOf("selected.npy");
        Npy.WriteInt64(path, ids.ToArray());
        return path;
    }

    /// <summary>Copies the selected rows byte for byte in one pass over the pool, and notes where the reached ones stand.</summary>
    /// <remarks>To the end of each file, after the last reached row too: only there does the reader know that the file is still the one it hashed.</remarks>
    private string WriteSelectedRows(RowReader rows, SelectionResult result, ShownRows shown, CancellationToken cancellationToken)
    {
        bool repeats = options.Selection.Sampling == SamplingMethod.Multinomial;
        string path = output.PathOf("selected.jsonl");
        IReadOnlyList<InputFile> files = rows.Files;
        using CandidateLineage lineage = new(result, inputs.Tasks, _clusters, output.PathOf("lineage.jsonl"));
        using ExcludedFile excluded = new(inputs.Excluded, output.PathOf("excluded.jsonl"));
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        WriteKeptRows(stream, cancellationToken);
        foreach (Row row in rows.Read(RowFields.All, shown.Wanted, cancellationToken: cancellationToken))
        {
            if (row.Index % 4096 == 0)
            {
                progress?.Report(new SelectionProgress(SelectionStage.Writing, row.Index, rows.RowCount));
            }

            _sources.Count(row.Source);
            shown.Offer(row, files[row.FileIndex].Path);
            if (row.Index == excluded.NextCandidateId)
            {
                excluded.Write(row, files[row.FileIndex].Path);
            }

            if (row.Index != lineage.NextCandidateId)
            {
                continue;
            }

            long count = lineage.Write(row, files[row.FileIndex].Path);
            _sources.Add(row.Index, row.Source, count > 0);
            for (long copy = 0; copy < (repeats ? count : Math.Min(count, 1)); copy++)
            {
                stream.Write(row.Utf8.Span);
                stream.WriteByte((byte)'\n');
            }
        }

        return path;
    }

    /// <summary>Copies the rows that were chosen before, byte for byte.</summary>
    private void WriteKeptRows(FileStream stream, CancellationToken cancellationToken)
    {
        foreach (GivenRows kept in inputs.Excluded.Given.Where(given => given.Option == GivenRows.Keep))
        {
            foreach (Row row in kept.Reader?.Read(RowFields.None, cancellationToken: cancellationToken) ?? [])
            {
                stream.Write(row.Utf8.Span);
                stream.WriteByte((byte)'\n');
            }
        }
    }

    private SelectionSummary Summarize(SelectionOutcome outcome)
    {
        SelectionResult result = outcome.Result;
        return new()
        {
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
                .. result.Targets
                    .OrderByDescending(target => target.NearestDistance)
                    .ThenBy(target => target.Target)
                    .Take(SummaryLines)
                    .Select(ToHardTarget),
            ],
            FilesWritten = [],
            Elapsed = TimeSpan.Zero,
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
    }

    private HardTarget ToHardTarget(TargetReport target)
    {
        TargetRow? row = inputs.TargetRows?[target.Target];
        string? text = row?.Text.ReplaceLineEndings(" ");
        return new HardTarget(
            target.Target,
            row?.Id,
            target.NearestDistance,
            text?.Length > SummaryTextLength ? text[..SummaryTextLength] : text);
    }
}
