using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>The context of a running job, created once and passed to every part of it.</summary>
internal sealed record JobContext
{
    /// <summary>Gets the specification of the selection.</summary>
    public SelectionSpec Spec => Options.Spec;

    /// <summary>Gets the options of the job: the specification, and how it is run.</summary>
    public required SelectionJobOptions Options { get; init; }

    /// <summary>Gets the files that the job reads.</summary>
    public required JobFiles Files { get; init; }

    /// <summary>Gets the folder in which the job writes, and keeps what only it needs.</summary>
    public required StagedFolder Scratch { get; init; }

    /// <summary>
    /// Gets the beginning of the names of vectors of texts in <see cref="Scratch"/>: a job may embed twice.
    /// </summary>
    public string ScratchPrefix { get; init; } = "";

    /// <summary>Gets the time that each stage took so far.</summary>
    public RunRecord Timings { get; init; } = new();

    /// <summary>Gets the receiver of progress, or null.</summary>
    public IProgress<SelectionProgress>? Progress { get; init; }

    /// <summary>Gets the token that cancels the job.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Gets the settings with which the rows of pool, targets and given rows are read.</summary>
    public RowReaderOptions RowOptions => Files.RowOptions(Options);

    /// <summary>Gets a check of the number of rows in the pool, which throws if it is too small; or null.</summary>
    public Action<long>? CheckPoolRows { get; init; }

    /// <summary>Checks the number of rows in the pool as soon as it is known, before the long work.</summary>
    /// <param name="count">The rows, those that must not be chosen too.</param>
    /// <param name="copies">Those that are the same as another, which stands for them.</param>
    /// <exception cref="InvalidOperationException">The budget asks for more rows than there are.</exception>
    public void OnPoolRows(long count, long copies)
    {
        CheckPoolRows?.Invoke(count);
        if (Spec is { Baseline: null, Budget.Rows: > 0 })
        {
            (Spec.Settings with { Budget = Spec.Budget.Rows }).ThrowIfBudgetAbove(count, copies);
        }
    }

    /// <summary>Creates the progress of a pass over the rows of some files.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>The receiver of the bytes read so far, or null if progress is not reported.</returns>
    public IProgress<long>? ReadingProgress(IReadOnlyList<string> paths) =>
        ByteProgress.Create(Progress, [.. paths.Select(RowOptions.Locate)]);
}
