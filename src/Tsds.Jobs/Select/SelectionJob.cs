using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>
/// Runs the main job: rows or vectors in, a selection with its lineage out, certified where optimal transport selects.
/// </summary>
public static class SelectionJob
{
    /// <summary>States what a job is going to do and to cost, without reading rows.</summary>
    /// <param name="options">The job.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static SelectionEstimate Plan(SelectionJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return JobEstimator.Plan(options, JobInputs.Resolve(options));
    }

    /// <summary>Runs a job and writes its output folder, all of it or nothing.</summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job; nothing half-written stays behind.</param>
    /// <returns>What to tell the user.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="IOException">The output folder is not empty, or a file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The selection asked for does not exist; the message says what
    /// does.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<SelectionSummary> RunAsync(
        SelectionJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        RunRecord run = new();
        JobInputs inputs = JobInputs.Resolve(options);
        JobEstimator.CheckMemory(JobEstimator.Plan(options, inputs).MemoryBytes, options.MemoryLimit);
        using OutputFolder output = OutputFolder.Create(options.Output, options.Force, SelectionFiles.Names);
        using EmbeddedInputs embedded = await EmbeddedInputs
            .CreateAsync(options, inputs, output, run, progress, cancellationToken)
            .ConfigureAwait(false);

        if (options.Method is { } method)
        {
            MethodOutcome chosen = await MethodSelection
                .RunAsync(method, options, embedded, progress, cancellationToken)
                .ConfigureAwait(false);
            run.EndStage("selecting");
            SelectionSummary written = await new MethodBundle(options, embedded, output, progress)
                .WriteAsync(chosen, run, cancellationToken)
                .ConfigureAwait(false);
            return Finish(written, embedded, output, run);
        }

        SelectionOutcome outcome = await BoundedSelection
            .RunAsync(options, embedded, run, progress, cancellationToken)
            .ConfigureAwait(false);
        run.EndStage("selecting");

        SelectionSummary summary = await new BundleWriter(options, embedded, output, progress)
            .WriteAsync(outcome, run, cancellationToken)
            .ConfigureAwait(false);
        return Finish(summary, embedded, output, run);
    }

    private static SelectionSummary Finish(
        SelectionSummary summary,
        EmbeddedInputs embedded,
        OutputFolder output,
        RunRecord run
    ) =>
        summary with
        {
            Embedding = embedded.EmbeddingNote,
            Index = embedded.IndexNote,
            FilesWritten = output.Commit(),
            Elapsed = run.Elapsed,
        };
}
