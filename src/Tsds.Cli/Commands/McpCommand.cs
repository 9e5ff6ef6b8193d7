using System.CommandLine;
using Tsds.Cli.Agents;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds mcp</c>, which lets an agent run the other commands by the Model Context Protocol.
/// </summary>
/// <param name="terminal">Where it writes what is not for the agent.</param>
/// <param name="run">Runs one of the other commands.</param>
internal sealed class McpCommand(CliConsole terminal, CommandRun run) : CommandDefinition(terminal)
{
    private readonly Argument<string[]> _folders = new("FOLDER")
    {
        Description = "Folders that the agent may read and write in; relative paths start in the first.",
        Arity = ArgumentArity.OneOrMore,
    };

    public override string Name => "mcp";

    public override string Summary => "Serve an agent by the Model Context Protocol on standard input and output.";

    public override HelpPage Help =>
        new(
            "Serves the tools inspect, estimate, select, explain, compare, export and verify to an agent, by the Model "
                + "Context Protocol on standard input and output, until input ends and all requests in it are "
                + "answered. Paths outside of the folders are refused, links followed; nothing is replaced unless the "
                + "agent asks for it.",
            "tsds mcp FOLDER...",
            [],
            ["tsds mcp data/", "tsds mcp /data/pools /home/me/runs"]
        );

    public override IReadOnlyList<Argument> Arguments => [_folders];

    public override IReadOnlyList<Option> Options => [];

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        Terminal.CancelledSentence = "the server has stopped.";
        AllowedFolders folders = new(reader.Required(_folders));
        await AgentServer.RunAsync(folders, run, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
