namespace Tsds.Data;

/// <summary>Runs the main job: rows or vectors in, a certified selection with its lineage out.</summary>
public static class SelectionJob
{
    /// <summary>States what a job is going to do and to cost, without reading rows.</summary>
    /// <param name="options">The job.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static SelectionPlan Plan(SelectionJobOptions options) => throw new NotSupportedException();

    /// <summary>Runs a job and writes its output folder, all of it or nothing.</summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job; nothing half-written stays behind.</param>
    /// <returns>What to tell the user.</returns>
    /// <exception cref="IOException">The output folder is not empty, or a file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The selection asked for does not exist; the message says what does.</exception>
    public static Task<SelectionSummary> RunAsync(
        SelectionJobOptions options, IProgress<SelectionProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
