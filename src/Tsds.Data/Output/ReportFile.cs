using Tsds.Data.Constraints;

namespace Tsds.Data.Output;

/// <summary>Writes <c>report.html</c>: hands the reporter what is known.</summary>
internal sealed class ReportFile
{
    public const string Name = "report.html";

    public required SelectionJobOptions Job { get; init; }

    public required EmbeddedInputs Inputs { get; init; }

    public required SelectionOutcome Outcome { get; init; }

    public required IReadOnlyList<RowCluster> Clusters { get; init; }

    public required IReadOnlyList<TaskShare> Tasks { get; init; }

    public required SourceLedger Sources { get; init; }

    public required IReadOnlyDictionary<long, ReportedRow> Rows { get; init; }

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="manifest">What the manifest says of the selection.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task WriteAsync(string path, string manifest, CancellationToken cancellationToken)
    {
        ReportedSelection selection = new()
        {
            Job = Job,
            Result = Outcome.Result,
            Budget = Outcome.BudgetRows,
            CandidateCount = Inputs.Pool.Count,
            SkippedRows = Inputs.SkippedRowCount,
            Pool = Inputs.AllCandidates,
            TargetEmbeddings = Inputs.Targets.Normalize(Inputs.AllCandidates.Normalization),
            Targets = [.. Enumerable.Range(0, Inputs.Targets.Count).Select(TargetOf)],
            Rows = Rows,
            Sources = Sources.Reached,
            PoolSources = Sources.Pool,
            Clusters = Clusters,
            Tasks = Tasks,
            Tokens = Outcome.Tokens,
            Shares = Outcome.Shares,
            Excluded = Inputs.Excluded.Count(),
            Tuning = Outcome.Tuning?.Curve,
            Manifest = manifest,
        };
        FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        await using (stream.ConfigureAwait(false))
        {
            await Job.Reporter!.WriteAsync(selection, stream, cancellationToken).ConfigureAwait(false);
        }
    }

    private ReportedTarget TargetOf(int target)
    {
        string? task = Inputs.Tasks?.NameOf(target);
        return Inputs.TargetRows?[target] is { } row
            ? new ReportedTarget(task, row.Id, row.File, row.Line, row.Text)
            : new ReportedTarget(task, null, null, 0, "");
    }
}
