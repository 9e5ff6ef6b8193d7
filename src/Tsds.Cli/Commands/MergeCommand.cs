using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Jobs.Batch;
using Tsds.Jobs.Select;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds merge</c>, a selection whose searches are run by the jobs of a batch scheduler.
/// </summary>
internal sealed class MergeCommand
{
    private readonly CliConsole _console;
    private readonly SelectOptions _options = new();
    private readonly Option<string> _work = ShardCommand.WorkOption(
        "Folder for the requests and parts of this selection, seen by all jobs; created if needed. Required."
    );

    public MergeCommand(CliConsole console)
    {
        _console = console;
    }

    public HelpPage Help =>
        new(
            "Selects as 'tsds select' does, but leaves the searches to 'tsds shard'. Where parts are missing "
                + "it writes down what is asked for, prints 'neighbors' or 'density', and ends with 2: "
                + "run the shards, then the same command again, until it ends with 0.",
            "tsds merge --work DIR --pool-vectors DIR --target FILE... --budget N|N%|Ntok --out DIR [options]",
            [new HelpSection("Parts", [SelectOptions.Row(_work)]), .. _options.Sections],
            [
                "tsds merge --work work/ --pool-vectors pool.vectors/ --target targets.jsonl --budget 5% --out out/",
                "tsds shard neighbors --work work/ --index 0 --of 16",
            ]
        );

    public Command Create()
    {
        Command command = new("merge", "Select from what the jobs of a batch scheduler found.");
        command.Add(_work);
        foreach (Option option in _options.All)
        {
            command.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        string work = ShardCommand.ReadWork(parse, _work);
        SelectCommand select = new(
            _console,
            SelectionJob.Estimate,
            (estimate, progress, token) => MergeJob.RunAsync(estimate, work, progress, token)
        );
        try
        {
            SelectRequest request = SelectBinder.Bind(_options, parse);
            return request.Cluster is null
                ? await select.RunAsync(request, cancellationToken).ConfigureAwait(false)
                : throw new ArgumentException(
                    "--cluster and 'tsds merge' are two ways of having others search; use 'tsds select "
                        + "--cluster', or leave it out."
                );
        }
        catch (PartsNeededException exception)
        {
            _console.Error.WriteLine($"tsds: {SafeText.OneLine(exception.Message)}");
            _console.Events?.Write("parts", PartsEvent.From(exception));
            if (_console.Events is null)
            {
                _console.Out.WriteLine(ShardCommand.Stages.WordFor(exception.Stage));
            }

            return ExitCode.PartsNeeded;
        }
    }
}
