using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Compare;

/// <summary>
/// Compares methods: each spends the same budget on the same pool, guided by some targets and judged by others.
/// </summary>
/// <remarks>
/// The output folder holds <c>metrics.json</c>, <c>scores.csv</c>, <c>report.html</c> and, in <c>methods</c>, a file
/// for each method as soon as it is finished. A run that was stopped, however it was, goes on behind the last of these,
/// and ends with the same bytes but for times.
/// </remarks>
public static class CompareJob
{
    /// <summary>States what a comparison is going to do and to cost, without reading rows.</summary>
    /// <param name="options">The comparison.</param>
    /// <returns>The plan. Its notes say which methods take part, and which do not for want of what.</returns>
    /// <exception cref="ArgumentException">The options contradict one another, or a method is unknown or lacks its
    /// inputs.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static SelectionEstimate Plan(CompareJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JobInputs inputs = Resolve(options);
        ChosenMethods methods = ChosenMethods.Resolve(options.Methods, inputs, options.Job.Normalization);
        SelectionEstimate plan = JobEstimator.Plan(options.Job, inputs);
        return plan with
        {
            MemoryBytes = plan is { PoolRows: { } rows, Dimension: { } dimension }
                ? Math.Max(
                    plan.MemoryBytes ?? 0,
                    ComparisonMemory.Estimate(
                        options.Job,
                        methods,
                        rows,
                        plan.TargetRows,
                        dimension,
                        inputs.Pool.Count > 0
                    )
                )
                : plan.MemoryBytes,
            Notes =
            [
                $"methods: {string.Join(", ", methods.Names)}",
                .. methods.LeftOut.Select(method => $"without {method.Method}: {method.Reason}"),
                .. plan.PoolRows is null
                    ? [ComparisonMemory.Note(options.Job, methods, plan.Dimension)]
                    : Array.Empty<string>(),
                .. plan.Notes,
            ],
        };
    }

    /// <summary>Runs a comparison, or goes on with one that was stopped.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="scores">Receives each method when it is finished, those of an earlier run too; may be null.</param>
    /// <param name="cancellationToken">Stops the comparison; methods that are finished stay.</param>
    /// <returns>What to tell the user.</returns>
    /// <exception cref="ArgumentException">The options contradict one another, or a method is unknown or lacks its
    /// inputs.</exception>
    /// <exception cref="IOException">The output folder holds something else, or a file cannot be read or
    /// written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="InvalidOperationException">The comparison does not fit into memory, the targets cannot be
    /// split, or a method that was asked for cannot spend the budget.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<CompareSummary> RunAsync(
        CompareJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        IProgress<MethodScore>? scores = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        RunRecord run = new();
        SelectionJobOptions job = options.Job;
        JobInputs inputs = Resolve(options);
        ChosenMethods methods = ChosenMethods.Resolve(options.Methods, inputs, options.Job.Normalization);
        long? planned = Plan(options).MemoryBytes;
        JobEstimator.CheckMemory(planned, job.MemoryLimit);
        if (!Directory.Exists(Path.Combine(job.Output, FinishedMethods.FolderName)))
        {
            OutputFolder.Check(job.Output, job.Force);
        }

        using OutputFolder output = OutputFolder.Create(
            job.Output,
            force: true,
            [ReportFile.Name, ScoresFile.Name, MetricsFile.Name]
        );
        using EmbeddedInputs embedded = await EmbeddedInputs
            .CreateAsync(job, inputs, output, run, progress, cancellationToken)
            .ConfigureAwait(false);
        GivenRows? test = await ReadTestAsync(options, inputs, embedded, output, progress, cancellationToken)
            .ConfigureAwait(false);
        using MethodRunner runner = await MethodRunner
            .CreateAsync(options, embedded, test, output, progress, cancellationToken)
            .ConfigureAwait(false);
        long memory = ComparisonMemory.Estimate(
            job,
            methods,
            embedded.AllCandidates.Count,
            embedded.Targets.Count,
            embedded.Targets.Dimension,
            embedded.PoolRows is not null
        );
        JobEstimator.CheckMemory(memory, job.MemoryLimit);
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
                // Nobody asked for this one by name.
                leftOut.Add(new LeftOutMethod(name, exception.Message));
            }
        }

        run.EndStage("methods");
        ScoresFile.Write(output.PathOf(ScoresFile.Name), done);
        if (options.HasReport)
        {
            ReportFile.Write(
                output.PathOf(ReportFile.Name),
                runner,
                embedded.Pool.Count,
                [.. done.Select(method => method.Scorecard)]
            );
        }

        new MetricsFile
        {
            Job = options,
            Inputs = embedded,
            Test = test,
            Runner = runner,
            Methods = done,
            LeftOut = leftOut,
            Run = run,
        }.Write(output.PathOf(MetricsFile.Name));
        return new CompareSummary
        {
            PoolRows = embedded.Pool.Count,
            TargetRows = embedded.Targets.Count,
            TargetGroups = runner.TargetGroups.Distinct(StringComparer.Ordinal).Count(),
            Folds = runner.Folds.Count,
            Budget = runner.Budget,
            Bandwidth = runner.Bandwidth,
            Methods = [.. done.Select(MethodScore.Of)],
            LeftOut = leftOut,
            KnownMethods = done.Count(method => method.WasKnown),
            SkippedRows = embedded.SkippedRowCount,
            Embedding = embedded.EmbeddingNote,
            FilesWritten = output.Commit(),
            Elapsed = run.Elapsed,
            EstimatedMemoryBytes = Math.Max(memory, planned ?? 0),
            PeakMemoryBytes = RunRecord.PeakMemoryBytes,
        };
    }

    private static JobInputs Resolve(CompareJobOptions options)
    {
        SelectionJobOptions job = options.Job;
        if (job.Budget.Tokens > 0)
        {
            throw new ArgumentException(
                "--budget: expected rows or a share of the pool, such as 1000 or 1%, found tokens; a "
                    + "comparison gives every method the same number of rows."
            );
        }

        if (job.Caps.Count + job.Floors.Count + job.Keep.Count + job.KeepVectors.Count > 0)
        {
            throw new ArgumentException(
                "Expected no caps, floors or kept rows in a comparison: not every method could keep them."
            );
        }

        JobInputs inputs = JobInputs.Resolve(job);
        JobInputs.CheckGiven(job, inputs.Store, "--test", options.Test, options.TestVectors);
        return inputs;
    }

    /// <summary>What stands in the folder is this comparison, or may be replaced.</summary>
    private static void CheckSame(SelectionJobOptions job, string key)
    {
        if (!job.Force && MetricsFile.ReadKey(job.Output) is { } found && found != key)
        {
            throw new IOException(
                $"Expected the results of this comparison in {job.Output}, found those of another one; "
                    + $"choose another --out, or replace them with --force."
            );
        }
    }

    private static async Task<GivenRows?> ReadTestAsync(
        CompareJobOptions options,
        JobInputs inputs,
        EmbeddedInputs embedded,
        OutputFolder output,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (options.Test.Count + options.TestVectors.Count == 0)
        {
            // What is left out because it repeats these rows leaves nearly nothing to find; whatever is left is worth
            // knowing.
            return embedded.Excluded.Given is [{ } excluded, ..] ? excluded : null;
        }

        IReadOnlyList<string> paths = options.Test.Count > 0 ? RowFiles.Resolve(options.Test) : [];
        return await embedded
            .ReadGivenAsync(
                "test",
                paths,
                JobInputs.ParseVectors(options.TestVectors),
                options.Job,
                inputs,
                output,
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}
