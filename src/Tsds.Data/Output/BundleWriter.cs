using Tsds.Data.Rows;

namespace Tsds.Data.Output;

/// <summary>Writes the output bundle of a result: selected rows, lineage, targets, path, manifest.</summary>
internal sealed class BundleWriter(
    SelectionJobOptions options, EmbeddedInputs inputs, OutputFolder output, IProgress<SelectionProgress>? progress)
{
    private const int SummaryLines = 3;
    private const int SummaryTextLength = 80;

    private readonly SourceLedger _sources = new();

    /// <summary>Writes all files into the staging folder.</summary>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public SelectionSummary Write(SelectionResult result, SelectionTuning? tuning, long budget, RunRecord run, CancellationToken cancellationToken)
    {
        string selected = inputs.PoolRows is null
            ? WriteSelectedIds(result)
            : WriteSelectedRows(inputs.PoolRows, result, cancellationToken);
        TargetFile.Write(output.PathOf("targets.jsonl"), result, inputs.TargetRows, _sources);
        PathFile.Write(output.PathOf("path.csv"), result.Path);
        if (tuning is not null)
        {
            TuningFile.Write(output.PathOf(TuningFile.Name), tuning);
        }

        run.EndStage("writing");
        new ManifestFile
        {
            Job = options,
            Result = result,
            BudgetRows = budget,
            Embedding = inputs.Embedding,
            Pool = inputs.PoolRows?.Files ?? [],
            Targets = inputs.TargetFiles,
            PoolVectors = inputs.PoolVectorFiles,
            TargetVectors = inputs.TargetVectorFiles,
            SkippedRows = inputs.SkippedRows,
            SelectionSha256 = FileHash.Of(selected),
            Outputs = output.Written(),
            Run = run,
        }.Write(output.PathOf(OutputFolder.Manifest));
        return Summarize(result, budget) with { Tuning = tuning?.Curve };
    }

    /// <summary>Writes ids in pool order, repeated by count, where there are no rows to copy.</summary>
    private string WriteSelectedIds(SelectionResult result)
    {
        using (CandidateLineage lineage = new(result, output.PathOf("lineage.jsonl")))
        {
            while (lineage.NextCandidateId is not null)
            {
                lineage.Write(null, null);
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
    private string WriteSelectedRows(RowReader rows, SelectionResult result, CancellationToken cancellationToken)
    {
        bool repeats = options.Selection.Sampling == SamplingMethod.Multinomial;
        string path = output.PathOf("selected.jsonl");
        IReadOnlyList<InputFile> files = rows.Files;
        using CandidateLineage lineage = new(result, output.PathOf("lineage.jsonl"));
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        foreach (Row row in rows.Read(RowFields.Identity, cancellationToken: cancellationToken))
        {
            if (row.Index % 4096 == 0)
            {
                progress?.Report(new SelectionProgress(SelectionStage.Writing, row.Index, inputs.Pool.Count));
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

    private SelectionSummary Summarize(SelectionResult result, long budget) =>
        new()
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
            Budget = budget,
            Rows = result.Counts.ToArray().Sum(),
            DistinctRows = result.CandidateIds.Length,
            ExpectedDistinct = result.ExpectedDistinct,
            TopSources = _sources.Top(SummaryLines),
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
