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
internal sealed class MergeCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly SelectOptions _options = new();
    private readonly Option<string> _work = ShardCommand.WorkOption(
        "Folder for the requests and parts of this selection, seen by all jobs; created if needed. Required."
    );

    public override string Name => "merge";

    public override string Summary => "Select from what the jobs of a batch scheduler found.";

    public override HelpPage Help =>
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

    public override IReadOnlyList<Option> Options => [_work, .. _options.All];

    protected override IReadOnlyList<Option> Configurable => _options.All;

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        string work = ShardCommand.ReadWork(reader, _work);
        SelectCommand select = new(
            Terminal,
            SelectionJob.Estimate,
            (estimate, progress, token) => MergeJob.RunAsync(estimate, work, progress, token)
        );
        try
        {
            SelectRequest request = SelectBinder.Bind(_options, reader) with { Sources = SourcesOf(reader) };
            return request.Cluster is null
                ? await select.RunAsync(request, cancellationToken).ConfigureAwait(false)
                : throw new ArgumentException(
                    "--cluster and 'tsds merge' are two ways of having others search; use 'tsds select "
                        + "--cluster', or leave it out."
                );
        }
        catch (PartsNeededException exception)
        {
            Terminal.Error.WriteLine($"tsds: {SafeText.OneLine(exception.Message)}");
            Terminal.Events?.Write("parts", PartsEvent.From(exception));
            if (Terminal.Events is null)
            {
                Terminal.Out.WriteLine(ShardCommand.Stages.WordFor(exception.Stage));
            }

            return ExitCode.PartsNeeded;
        }
    }
}
