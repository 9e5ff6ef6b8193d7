using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Orleans;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds select</c>, which runs a selection and prints its summary.</summary>
internal sealed class SelectCommand
{
    private readonly CliConsole _console;
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
    {
        _console = console;
        _estimate = estimate;
        _run = run;
    }

    public HelpPage Help =>
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

    public static SelectCommand ForConsole(CliConsole console) =>
        new(console, SelectionJob.Estimate, SelectionJob.RunAsync);

    public Command Create()
    {
        Command command = new("select", "Choose the rows of a pool that serve a target task best.");
        foreach (Option option in _options.All)
        {
            command.Add(option);
        }

        command.SetAction(
            (parse, cancellationToken) => RunAsync(SelectBinder.Bind(_options, parse), cancellationToken)
        );
        return command;
    }

    public async Task<int> RunAsync(SelectRequest request, CancellationToken cancellationToken)
    {
        if (request.IsJson)
        {
            _console.UseJson();
        }

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
            _console.Events?.Write("cluster", ClusterEvent.Of(session.WorkerCount, session.Traffic));
            if (_console.Events is null && !request.IsDryRun)
            {
                _console.Error.WriteLine($"cluster: {session.Note}");
            }

            return code;
        }
    }

    private async Task<int> SelectAsync(SelectRequest request, CancellationToken cancellationToken)
    {
        SelectionEstimate estimate = _estimate(request.Job);
        _console.Events?.Write("plan", estimate);
        if (_console.Events is null)
        {
            TextWriter writer = request.IsDryRun ? _console.Out : _console.Error;
            writer.Write(EstimateText.Render(estimate));
        }

        if (request.IsDryRun)
        {
            return ExitCode.Done;
        }

        _console.ConfirmSending(request.Job.Spec.Embedder, request.IsAgreed);
        SelectionSummary summary = await ProgressDisplay
            .For(_console)
            .RunAsync(progress => _run(estimate, progress, cancellationToken))
            .ConfigureAwait(false);
        _console.Events?.Write("result", SelectResult.Of(summary, request.Job.Output));
        if (_console.Events is null)
        {
            _console.Out.Write(SummaryText.Render(summary, request.Job));
        }

        return ExitCode.Done;
    }
}
