using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Orleans;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds select</c>, which runs a selection and prints its summary.</summary>
internal sealed class SelectCommand : CommandDefinition
{
    private readonly Func<SelectionJobOptions, SelectionEstimate> _estimate;
    private readonly Func<
        SelectionEstimate,
        IProgress<SelectionProgress>?,
        CancellationToken,
        Task<SelectionSummary>
    > _run;
    private readonly SelectOptions _options = new();

    /// <summary>Initializes the command over the two halves of a job, so that it can be run without files.</summary>
    public SelectCommand(
        CliConsole console,
        Func<SelectionJobOptions, SelectionEstimate> estimate,
        Func<SelectionEstimate, IProgress<SelectionProgress>?, CancellationToken, Task<SelectionSummary>> run
    )
        : base(console)
    {
        _estimate = estimate;
        _run = run;
    }

    public override string Name => "select";

    public override string Summary => "Choose the rows of a pool that serve a target task best.";

    public override HelpPage Help =>
        new(
            "Selects from a pool the rows that the targets ask for, by optimal transport, and proves the "
                + "selection optimal.",
            "tsds select --pool FILE... --target FILE... --budget N|N% --out DIR [options]",
            _options.Sections,
            [
                "tsds select --pool pool/ --target targets.jsonl --budget 5% --out out/",
                "tsds select --pool 'data/*.jsonl.zst' --target dev.jsonl --budget 10000 --alpha 0.3 --out "
                    + "out/ --force",
                "tsds select --pool-vectors pool.npy --target-vectors targets.npy --budget 1000 --out out/",
                "tsds select --cluster local:3 --pool pool/ --pool-vectors pool.vectors/ --target "
                    + "targets.jsonl --budget 5% --out out/",
            ]
        );

    public override IReadOnlyList<Option> Options => _options.All;

    public static SelectCommand ForConsole(CliConsole console) =>
        new(console, SelectionJob.Estimate, SelectionJob.RunAsync);

    /// <summary>Runs a selection that was asked for in full.</summary>
    public async Task<int> RunAsync(SelectRequest request, CancellationToken cancellationToken)
    {
        if (request.Job.MemoryLimit is { } memoryLimit && !request.IsDryRun)
        {
            HeapLimit.Apply(memoryLimit);
        }

        SelectionSpec spec = request.Job.Spec;
        using StandardInputFile? input = await StandardInputFile
            .CopyAsync([.. spec.Pool, .. spec.Targets, .. spec.Exclude, .. spec.Keep], cancellationToken)
            .ConfigureAwait(false);
        request = request with { Job = request.Job with { StandardInput = input?.Path } };
        return request.Cluster is { } cluster
            ? await SelectOnClusterAsync(request, cluster, cancellationToken).ConfigureAwait(false)
            : await SelectAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken) =>
        RunAsync(SelectBinder.Bind(_options, reader) with { Sources = SourcesOf(reader) }, cancellationToken);

    private async Task<int> SelectOnClusterAsync(
        SelectRequest request,
        ClusterOptions cluster,
        CancellationToken cancellationToken
    )
    {
        ClusterSession session = await ClusterSession
            .OpenAsync(cluster, request.Job, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            int code = await SelectAsync(request with { Job = session.Job }, cancellationToken).ConfigureAwait(false);
            Terminal.Events?.Write("cluster", ClusterEvent.Of(session.WorkerCount, session.Traffic));
            if (Terminal.Events is null && !request.IsDryRun)
            {
                Terminal.Error.WriteLine($"cluster: {session.Note}");
            }

            return code;
        }
    }

    private async Task<int> SelectAsync(SelectRequest request, CancellationToken cancellationToken)
    {
        SelectionJobOptions job = request.Job;
        using FolderPush? push = request.IsDryRun
            ? null
            : await OpenOutputAsync(request.Sources, job.Output, job.Force, goesOn: false, cancellationToken)
                .ConfigureAwait(false);
        if (push is not null)
        {
            job = job with { Output = push.Folder, OutputName = job.Output };
        }

        SelectionEstimate estimate = _estimate(job);
        if (!request.IsDryRun)
        {
            SelectionJob.RequireOutput(job);
        }

        Terminal.Events?.Write("plan", estimate);
        if (Terminal.Events is null)
        {
            TextWriter writer = request.IsDryRun ? Terminal.Out : Terminal.Error;
            writer.Write(EstimateText.Render(estimate));
        }

        if (request.IsDryRun)
        {
            return ExitCode.Done;
        }

        Terminal.ConfirmSending(request.Job.Spec.Embedder, request.IsAgreed);
        SelectionSummary summary = await ProgressDisplay
            .For(Terminal)
            .RunAsync(progress => _run(estimate, progress, cancellationToken))
            .ConfigureAwait(false);
        summary = summary with
        {
            FilesWritten = await SendAsync(push, summary.FilesWritten, SelectionFiles.Names, cancellationToken)
                .ConfigureAwait(false),
        };

        Terminal.Events?.Write("result", SelectResult.Of(summary, request.Job.Output));
        if (Terminal.Events is null)
        {
            Terminal.Out.Write(SummaryText.Render(summary, request.Job));
        }

        return ExitCode.Done;
    }
}
