using Tsds.Data.Methods;

namespace Tsds.Data.Output;

/// <summary>Writes the output bundle of a method without a plan: selected rows, lineage, targets, manifest.</summary>
internal sealed class MethodBundle(SelectionJobOptions options, EmbeddedInputs inputs, OutputFolder output, IProgress<SelectionProgress>? progress)
{
    private const int SummaryLines = 3;

    private readonly SourceLedger _sources = new();

    /// <summary>Writes all files into the staging folder.</summary>
    /// <returns>The summary, without the list of files, which are not in place yet.</returns>
    public SelectionSummary Write(MethodOutcome chosen, RunRecord run, CancellationToken cancellationToken)
    {
        string selected;
        using (MethodLineage lineage = new(chosen.Result, output.PathOf(LineageFile.Lineage)))
        {
            selected = new SelectedFile(inputs, output, _sources, progress).Write(lineage, repeats: false, new ShownRows([]), cancellationToken);
        }

        WriteTargets(chosen);
        run.EndStage("writing");
        new ManifestFile
        {
            Job = options,
            Inputs = inputs,
            Chosen = chosen,
            SelectionSha256 = FileHash.Of(selected),
        }.Write(output.PathOf(OutputFolder.Manifest), output.Written(), run);
        return Summarize(chosen);
    }

    /// <summary>Writes <c>targets.jsonl</c>: how near each target is to the pool, and how near to what was selected of it.</summary>
    private void WriteTargets(MethodOutcome chosen)
    {
        using JsonLineWriter writer = new(output.PathOf(LineageFile.Targets));
        for (int target = 0; target < chosen.NearestDistances.Length; target++)
        {
            int number = target;
            writer.Write(json =>
            {
                TargetFile.WriteIdentity(json, number, inputs.TargetRows, inputs.Tasks);
                json.WriteNumber("nearestDistance", chosen.NearestDistances[number]);
                json.WriteNumber("selectedDistance", chosen.SelectedDistances[number]);
            });
        }
    }

    private SelectionSummary Summarize(MethodOutcome chosen) => new()
    {
        Method = options.MethodName,
        PoolRows = inputs.Pool.Count,
        TargetRows = inputs.Targets.Count,
        SkippedRows = inputs.SkippedRowCount,
        NearDuplicateCount = 0,
        DensitiesEvaluated = 0,
        Alpha = double.NaN,
        Scale = double.NaN,
        Bandwidth = double.NaN,
        EffectiveNeighbors = null,
        Certificate = null,
        Budget = chosen.Budget,
        Rows = chosen.Result.CandidateIds.Length,
        DistinctRows = chosen.Result.CandidateIds.Length,
        ExpectedDistinct = double.NaN,
        TopSources = _sources.Top(SummaryLines),
        Excluded = inputs.Excluded.Count(),
        HardestTargets =
        [
            .. Enumerable.Range(0, chosen.NearestDistances.Length)
                .OrderByDescending(target => chosen.NearestDistances[target])
                .Take(SummaryLines)
                .Select(target => inputs.Describe(target, chosen.NearestDistances[target])),
        ],
        FilesWritten = [],
        Elapsed = TimeSpan.Zero,
        PeakMemoryBytes = RunRecord.PeakMemoryBytes,
    };
}
