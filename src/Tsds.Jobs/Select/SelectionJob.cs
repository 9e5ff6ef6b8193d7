using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Report;

namespace Tsds.Jobs.Select;

/// <summary>
/// Runs a selection from files to files: rows or vectors in, a selection with its lineage out, certified if optimal
/// transport selects.
/// </summary>
public static class SelectionJob
{
    /// <summary>Finds the files of a job and estimates what it is going to cost, without reading rows.</summary>
    /// <param name="options">The job.</param>
    /// <returns>The estimate, with which the job can be run.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static SelectionEstimate Estimate(SelectionJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SelectionEstimator.Estimate(options, JobFiles.Resolve(options));
    }

    /// <summary>Throws if what a job writes would be in the way of something, before anything else is done.</summary>
    /// <param name="options">The job.</param>
    /// <exception cref="IOException">The output folder is not empty, or a file stands in its place.</exception>
    internal static void RequireOutput(SelectionJobOptions options) =>
        StagedFolder.Check(options.Output, options.Force);

    /// <summary>Runs a job and writes its output folder, all of it or nothing.</summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job; nothing half-written stays behind.</param>
    /// <returns>The summary of the selection.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="IOException">The output folder is not empty, or a file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The selection asked for does not exist; the message says what
    /// does.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<SelectionSummary> RunAsync(
        SelectionJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => RunAsync(Estimate(options), progress, cancellationToken);

    /// <summary>Runs a job that was estimated, and writes its output folder, all of it or nothing.</summary>
    /// <param name="estimate">What <see cref="Estimate"/> returned.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job; nothing half-written stays behind.</param>
    /// <returns>The summary of the selection.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="IOException">The output folder is not empty, or a file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The selection asked for does not exist; the message says what
    /// does.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<SelectionSummary> RunAsync(
        SelectionEstimate estimate,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        RunRecord timings = new();
        (SelectionJobOptions options, JobFiles files) = estimate.Job;
        MemoryCheck.Require(estimate.MemoryBytes, options.MemoryLimit);
        using StagedFolder output = StagedFolder.Create(options.Output, options.Force, SelectionFiles.Names);
        JobContext context = new()
        {
            Options = options,
            Files = files,
            Scratch = output,
            Timings = timings,
            Progress = progress,
            Cancellation = cancellationToken,
        };
        using JobInputs inputs = await JobInputs.OpenAsync(context).ConfigureAwait(false);
        SelectionSummary summary = await WriteAsync(context, inputs).ConfigureAwait(false);
        return summary with
        {
            Embedding = inputs.Pool.Embedder?.Note,
            BetterEmbedder = inputs.Pool.Embedder?.BetterEmbedder,
            Index = inputs.Pool.IndexNote,
            FilesWritten = output.Commit(),
            Elapsed = timings.Elapsed,
        };
    }

    private static async Task<SelectionSummary> WriteAsync(JobContext context, JobInputs inputs)
    {
        ISelectionReporter? reporter = context.Spec.HasReport ? new SelectionReporter() : null;
        Selection selection = context.Spec.Baseline is { } method
            ? await MethodSelection.RunAsync(context, inputs, method).ConfigureAwait(false)
            : await BoundedSelection.RunAsync(context, inputs).ConfigureAwait(false);
        context.Timings.EndStage("selecting");
        return await new BundleWriter(context, inputs, reporter).WriteAsync(selection).ConfigureAwait(false);
    }
}
