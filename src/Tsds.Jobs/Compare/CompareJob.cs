using Tsds.Data.Files;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Compare;

/// <summary>
/// Compares methods: each spends the same budget on the same pool, selects by some targets and is judged by others.
/// </summary>
/// <remarks>
/// The output folder holds <c>metrics.json</c>, <c>scores.csv</c>, <c>report.html</c> and, in <c>methods</c>, a file
/// for each method as soon as it is finished. A run that was stopped in any way resumes after the last of these
/// and ends with the same bytes except for times.
/// </remarks>
internal static class CompareJob
{
    /// <summary>Finds the files of a comparison and estimates what it is going to cost, without reading rows.</summary>
    /// <param name="options">The comparison.</param>
    /// <returns>
    /// The estimate, with which the comparison can be run. Its notes say which methods take part, and which do not for
    /// want of what.
    /// </returns>
    /// <exception cref="ArgumentException">The options contradict one another, or a method is unknown or lacks its
    /// inputs.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static CompareEstimate Estimate(CompareJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckOptions(options.Job.Spec);
        JobFiles files = JobFiles.Resolve(options.Job);
        GivenFiles test = files.ResolveGiven("test", options.Test, options.TestVectors);
        ChosenMethods methods = ChosenMethods.Resolve(options.Methods, files, options.Job.Spec.Normalization);
        SelectionEstimate selection = SelectionEstimator.Estimate(options.Job, files);
        selection = selection with
        {
            MemoryBytes = selection is { PoolRows: { } rows, Dimension: { } dimension }
                ? Math.Max(
                    selection.MemoryBytes ?? 0,
                    ComparisonMemory.Estimate(
                        options.Job,
                        methods,
                        rows,
                        selection.TargetRows,
                        dimension,
                        files.PoolFiles.Count > 0
                    )
                )
                : selection.MemoryBytes,
            Notes =
            [
                $"methods: {string.Join(", ", methods.Names)}",
                .. methods.LeftOut.Select(method => $"without {method.Method}: {method.Reason}"),
                .. selection.PoolRows is null
                    ? [ComparisonMemory.Note(options.Job, methods, selection.Dimension)]
                    : Array.Empty<string>(),
                .. selection.Notes,
            ],
        };
        return new CompareEstimate(selection, options, methods, test);
    }

    /// <summary>Throws if what a comparison writes would be in the way of something else than a comparison.</summary>
    /// <param name="options">The job.</param>
    /// <exception cref="IOException">The output folder holds something else, or a file stands in its place.</exception>
    internal static void RequireOutput(SelectionJobOptions options)
    {
        if (!Directory.Exists(Path.Combine(options.Output, FinishedMethods.FolderName)))
        {
            StagedFolder.Check(options.Output, options.Force);
        }
    }

    /// <summary>Runs a comparison, or resumes one after its last completed method.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="scores">Receives each method when it is finished, those of an earlier run too; may be null.</param>
    /// <param name="cancellationToken">Stops the comparison; methods that are finished stay.</param>
    /// <returns>The result, for the user.</returns>
    /// <exception cref="ArgumentException">The options contradict one another, or a method is unknown or lacks its
    /// inputs.</exception>
    /// <exception cref="IOException">The output folder holds something else, or a file cannot be read or
    /// written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The comparison does not fit into memory, the targets cannot be
    /// split, or a method that was asked for cannot spend the budget.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<CompareSummary> RunAsync(
        CompareJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        IProgress<MethodScore>? scores = null,
        CancellationToken cancellationToken = default
    ) => RunAsync(Estimate(options), progress, scores, cancellationToken);

    /// <summary>Runs a comparison that was estimated, or resumes one that was stopped.</summary>
    /// <param name="estimate">What <see cref="Estimate"/> returned.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="scores">Receives each method when it is finished, those of an earlier run too; may be null.</param>
    /// <param name="cancellationToken">Stops the comparison; methods that are finished stay.</param>
    /// <returns>The scores of all methods.</returns>
    /// <exception cref="IOException">The output folder holds something else, or a file cannot be read or
    /// written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The comparison does not fit into memory, the targets cannot be
    /// split, or a method that was asked for cannot spend the budget.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<CompareSummary> RunAsync(
        CompareEstimate estimate,
        IProgress<SelectionProgress>? progress = null,
        IProgress<MethodScore>? scores = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        RunRecord run = new();
        (CompareJobOptions options, ChosenMethods methods) = (estimate.Options, estimate.Methods);
        SelectionJobOptions job = options.Job;
        long? planned = estimate.Selection.MemoryBytes;
        MemoryCheck.Require(planned, job.MemoryLimit);
        RequireOutput(job);

        using StagedFolder output = StagedFolder.Create(
            job.Output,
            force: true,
            [ReportFile.Name, ScoresFile.Name, ComparisonRecord.Name]
        );
        JobContext context = new()
        {
            Options = job,
            Files = estimate.Selection.Job.Files,
            Scratch = output,
            Timings = run,
            Progress = progress,
            Cancellation = cancellationToken,
        };
        using JobInputs inputs = await JobInputs.OpenAsync(context).ConfigureAwait(false);
        GivenRows? test = await ReadTestAsync(context, inputs, estimate.Test).ConfigureAwait(false);
        using MethodRunner runner = await MethodRunner
            .CreateAsync(options, context, inputs, test)
            .ConfigureAwait(false);
        long memory = ComparisonMemory.Estimate(
            job,
            methods,
            inputs.Pool.Pool.Count,
            inputs.Targets.Count,
            inputs.Targets.Embeddings.Dimension,
            inputs.Pool.Rows is not null
        );
        MemoryCheck.Require(memory, job.MemoryLimit);
        run.EndStage("preparing");

        CheckSame(job, runner.Key);
        using FinishedMethods finished = FinishedMethods.Open(job.Output, runner.Key);
        List<FinishedMethod> done = [];
        List<LeftOutMethod> leftOut = [.. methods.LeftOut];
        foreach (string name in methods.Names)
        {
            try
            {
                done.Add(
                    finished.TryRead(name)
                        ?? await runner.RunAsync(name, finished, progress, cancellationToken).ConfigureAwait(false)
                );
                scores?.Report(MethodScore.Of(done[^1]));
            }
            catch (InvalidOperationException exception) when (options.Methods.Count == 0 && name != methods.Names[0])
            {
                // The user did not ask for this one by name.
                leftOut.Add(new LeftOutMethod(name, exception.Message));
            }
        }

        run.EndStage("methods");
        IReadOnlyList<TaskAcquaintance> acquaintance = await TaskAcquaintance
            .MeasureAsync(context, inputs)
            .ConfigureAwait(false);
        ScoresFile.Write(output.PathOf(ScoresFile.Name), done, acquaintance);
        if (options.HasReport)
        {
            ReportFile.Write(
                output.PathOf(ReportFile.Name),
                runner,
                inputs.Exclusion.Candidates.Count,
                [.. done.Select(method => method.Scorecard)]
            );
        }

        new ComparisonBuilder
        {
            Job = options,
            Inputs = inputs,
            Test = test,
            Runner = runner,
            Methods = done,
            Acquaintance = acquaintance,
            LeftOut = leftOut,
            Run = run,
        }
            .Build()
            .Write(output.PathOf(ComparisonRecord.Name));
        return new CompareSummary
        {
            PoolRows = inputs.Exclusion.Candidates.Count,
            TargetRows = inputs.Targets.Count,
            TargetGroups = runner.TargetGroups.Distinct(StringComparer.Ordinal).Count(),
            Folds = runner.Folds.Count,
            Acquaintance = acquaintance,
            Budget = runner.Budget,
            Bandwidth = runner.Bandwidth,
            Methods = [.. done.Select(MethodScore.Of)],
            LeftOut = leftOut,
            KnownMethods = done.Count(method => method.WasKnown),
            SkippedRows = inputs.SkippedRowCount,
            Embedding = inputs.Pool.Embedder?.Note,
            FilesWritten = output.Commit(),
            Elapsed = run.Elapsed,
            EstimatedMemoryBytes = Math.Max(memory, planned ?? 0),
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
    }

    private static void CheckOptions(SelectionSpec spec)
    {
        if (spec.Budget.Tokens > 0)
        {
            throw new ArgumentException(
                "--budget: expected rows or a share of the pool, such as 1000 or 1%, found tokens; a "
                    + "comparison gives every method the same number of rows."
            );
        }

        if (spec.Caps.Count + spec.Floors.Count + spec.Keep.Count + spec.KeepVectors.Count > 0)
        {
            throw new ArgumentException(
                "Expected no caps, floors or kept rows in a comparison: not every method could keep them."
            );
        }
    }

    /// <summary>Throws if the folder holds something else than this comparison and must not be replaced.</summary>
    private static void CheckSame(SelectionJobOptions job, string key)
    {
        if (!job.Force && ComparisonRecord.TryRead(job.Output)?.Key is { } found && found != key)
        {
            throw new IOException(
                $"Expected the results of this comparison in {job.Output}, found those of another one; "
                    + $"choose another --out, or replace them with --force."
            );
        }
    }

    /// <summary>
    /// Reads the rows that should not be chosen. Without any, those that are left out take their place: what is left
    /// of their copies is worth knowing.
    /// </summary>
    private static async Task<GivenRows?> ReadTestAsync(JobContext context, JobInputs inputs, GivenFiles test) =>
        test.IsEmpty
            ? inputs.Exclusion.Given is [{ } excluded, ..]
                ? excluded
                : null
            : await GivenRows.ReadAsync(context, inputs.Pool, test).ConfigureAwait(false);
}
