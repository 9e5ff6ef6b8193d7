using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes <c>report.html</c>: hands the reporter what is known.</summary>
internal sealed class ReportFile
{
    public const string Name = "report.html";

    public required JobContext Context { get; init; }

    public required JobInputs Inputs { get; init; }

    public required MethodResult Result { get; init; }

    public required long Budget { get; init; }

    public required double Bandwidth { get; init; }

    public required IReadOnlyList<DuplicateGroup> Clusters { get; init; }

    public required SourceLedger Sources { get; init; }

    public required IReadOnlyDictionary<long, ReportedRow> Rows { get; init; }

    /// <summary>Gets what was solved and drawn; null where a method without a plan chose.</summary>
    public SelectionOutcome? Outcome { get; init; }

    public IReadOnlyList<TaskShare> Tasks { get; init; } = [];

    public long? AlikeRows { get; init; }

    public IReadOnlyList<double> SelectedDistances { get; init; } = [];

    /// <summary>Writes the page.</summary>
    /// <param name="reporter">Who writes it.</param>
    /// <param name="path">The file.</param>
    /// <param name="manifest">What the manifest says of the selection.</param>
    public async Task WriteAsync(ISelectionReporter reporter, string path, ManifestFile manifest)
    {
        ReportedSelection selection = new()
        {
            Spec = Context.Spec,
            Result = Result,
            Bandwidth = Bandwidth,
            SelectedDistances = SelectedDistances,
            Budget = Budget,
            CandidateCount = Inputs.Candidates.Count,
            SkippedRows = Inputs.SkippedRowCount,
            Pool = Inputs.Pool.Pool,
            TargetEmbeddings = Inputs.Targets.Embeddings,
            Targets = [.. Enumerable.Range(0, Inputs.Targets.Count).Select(TargetOf)],
            Rows = Rows,
            Sources = Sources.Reached,
            PoolSources = Sources.Pool,
            Clusters = Clusters,
            Tasks = Tasks,
            Tokens = Outcome?.Tokens,
            Shares = Outcome?.Shares ?? [],
            CopyCount = Inputs.Copies.Count,
            AlikeRows = AlikeRows,
            Excluded = Inputs.Exclusion.Count(),
            Tuning = Outcome?.Tuning,
            Manifest = manifest.ToText(),
        };
        FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        await using (stream.ConfigureAwait(false))
        {
            await reporter.WriteAsync(selection, stream, Context.Cancellation).ConfigureAwait(false);
        }
    }

    private ReportedTarget TargetOf(int target)
    {
        string? task = Inputs.Targets.Tasks?.NameOf(target);
        return Inputs.Targets.Rows?[target] is { } row
            ? new ReportedTarget(task, row.Id, row.File, row.Line, row.Text)
            : new ReportedTarget(task, null, null, 0, "");
    }
}
