using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>What every part of a running job needs: made once, and handed from room to room.</summary>
internal sealed record JobContext
{
    /// <summary>Gets what is selected.</summary>
    public SelectionSpec Spec => Options.Spec;

    /// <summary>Gets what is selected and how it is run.</summary>
    public required SelectionJobOptions Options { get; init; }

    /// <summary>Gets the files that the job reads.</summary>
    public required JobFiles Files { get; init; }

    /// <summary>Gets the folder in which the job writes, and keeps what only it needs.</summary>
    public required StagedFolder Scratch { get; init; }

    /// <summary>Gets the time that each stage took so far.</summary>
    public RunRecord Timings { get; init; } = new();

    /// <summary>Gets what receives progress, or null.</summary>
    public IProgress<SelectionProgress>? Progress { get; init; }

    /// <summary>Gets what stops the job.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Gets how the rows of pool, targets and given rows are read.</summary>
    public RowReaderOptions RowOptions => Files.RowOptions(Options);

    /// <summary>Creates the progress of a pass over the rows of some files.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>What takes the bytes read so far, or null where nobody listens.</returns>
    public IProgress<long>? ReadingProgress(IReadOnlyList<string> paths) => ByteProgress.Create(Progress, paths);
}
