using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds compare</c>, which prints a line of scores for each method, judged by held-out targets.
/// </summary>
internal sealed class CompareCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly CompareOptions _options = new();

    public override string Name => "compare";

    public override string Summary => "Compare methods of selecting by held-out targets.";

    public override HelpPage Help =>
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

    public override IReadOnlyList<Option> Options => _options.All;

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        (CompareJobOptions job, SelectRequest request) = CompareBinder.Bind(_options, reader);
        Terminal.CancelledSentence = "cancelled; the finished methods stay, and the same command resumes after them.";
        if (job.Job.MemoryLimit is { } memoryLimit && !request.IsDryRun)
        {
            HeapLimit.Apply(memoryLimit);
        }

        SelectionSpec spec = job.Job.Spec;
        using StandardInputFile? input = await StandardInputFile
            .CopyAsync([.. spec.Pool, .. spec.Targets, .. spec.Exclude, .. job.Test], cancellationToken)
            .ConfigureAwait(false);
        string output = job.Job.Output;
        using FolderPush? push = request.IsDryRun
            ? null
            : await OpenOutputAsync(SourcesOf(reader), output, job.Job.Force, goesOn: true, cancellationToken)
                .ConfigureAwait(false);
        job = job with
        {
            Job = job.Job with
            {
                StandardInput = input?.Path,
                Output = push?.Folder ?? output,
                OutputName = push is null ? null : output,
            },
        };
        CompareEstimate estimate = CompareJob.Estimate(job);
        if (!request.IsDryRun)
        {
            CompareJob.RequireOutput(job.Job);
        }

        Terminal.Events?.Write("plan", estimate.Selection);
        if (Terminal.Events is null)
        {
            (request.IsDryRun ? Terminal.Out : Terminal.Error).Write(EstimateText.Render(estimate.Selection));
        }

        if (request.IsDryRun)
        {
            return ExitCode.Done;
        }

        Terminal.ConfirmSending(spec.Embedder, request.IsAgreed);
        IProgressDisplay display = ProgressDisplay.For(Terminal);
        CompareSummary summary = await display
            .RunAsync(progress =>
                CompareJob.RunAsync(estimate, progress, new MethodLines(Terminal, display), cancellationToken)
            )
            .ConfigureAwait(false);
        string[] names = [ReportFile.Name, ScoresFile.Name, ComparisonRecord.Name];
        summary = summary with
        {
            FilesWritten = await SendAsync(push, summary.FilesWritten, names, cancellationToken).ConfigureAwait(false),
        };

        Terminal.Events?.Write("result", CompareResult.Of(summary, output));
        if (Terminal.Events is null)
        {
            Terminal.Out.Write(ComparisonText.Render(summary, job.Job.ThreadCount, Terminal.Width));
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
