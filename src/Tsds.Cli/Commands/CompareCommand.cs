using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds compare</c>, which prints a line of scores for each method, judged by held-out targets.
/// </summary>
internal sealed class CompareCommand
{
    private readonly CliConsole _console;
    private readonly CompareOptions _options = new();

    public CompareCommand(CliConsole console)
    {
        _console = console;
    }

    public HelpPage Help =>
        new(
            "Compares methods: each spends the same budget, selects by some of the targets and is judged by "
                + "the others, beside random rows and real targets. "
                + "A run that was stopped in any way resumes after the last completed method.",
            "tsds compare --pool FILE... --target FILE... --budget N|N% --out DIR [options]",
            _options.Sections,
            [
                "tsds compare --pool pool/ --target targets.jsonl --budget 1% --out scores/",
                "tsds compare --pool pool/ --target targets.jsonl --test test.jsonl --budget 1% --methods "
                    + "random,dsir --out scores/",
            ]
        );

    public Command Create()
    {
        Command command = new("compare", "Compare methods of selecting by held-out targets.");
        foreach (Option option in _options.All)
        {
            command.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        (CompareJobOptions job, SelectRequest request) = _options.Bind(parse);
        _console.CancelledSentence =
            "cancelled; the methods that are finished stay, and the same command goes on behind them.";
        if (job.Job.MemoryLimit is { } memoryLimit && !request.IsDryRun)
        {
            HeapLimit.Apply(memoryLimit);
        }

        SelectionSpec spec = job.Job.Spec;
        using StandardInputFile? input = await StandardInputFile
            .CopyAsync([.. spec.Pool, .. spec.Targets, .. spec.Exclude, .. job.Test], cancellationToken)
            .ConfigureAwait(false);
        job = job with { Job = job.Job with { StandardInput = input?.Path } };
        CompareEstimate estimate = CompareJob.Estimate(job);
        _console.Events?.Write("plan", estimate.Selection);
        if (_console.Events is null)
        {
            (request.IsDryRun ? _console.Out : _console.Error).Write(EstimateText.Render(estimate.Selection));
        }

        if (request.IsDryRun)
        {
            return ExitCode.Done;
        }

        _console.ConfirmSending(spec.Embedder, request.IsAgreed);
        IProgressDisplay display = ProgressDisplay.For(_console);
        CompareSummary summary = await display
            .RunAsync(progress =>
                CompareJob.RunAsync(estimate, progress, new MethodLines(_console, display), cancellationToken)
            )
            .ConfigureAwait(false);
        _console.Events?.Write("result", CompareResult.Of(summary, job.Job.Output));
        if (_console.Events is null)
        {
            _console.Out.Write(ComparisonText.Render(summary, job.Job.ThreadCount, _console.Width));
        }

        return ExitCode.Done;
    }

    /// <summary>Reports each method when it is completed.</summary>
    private sealed class MethodLines(CliConsole console, IProgressDisplay display) : IProgress<MethodScore>
    {
        public void Report(MethodScore value)
        {
            console.Events?.Write("method", MethodEvent.Of(value));
            if (console.Events is null)
            {
                display.WriteLine(ComparisonText.Line(value));
            }
        }
    }
}
