using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tsds.Cli.Output;

namespace Tsds.Cli.Agents;

/// <summary>The server of the Model Context Protocol on standard input and output.</summary>
internal static class AgentServer
{
    private const string Instructions =
        "tsds chooses rows to fine-tune a language model on: from a pool, by a few examples of the task. Inspect the "
        + "files, estimate, select, then explain, compare, verify or export. Errors are one sentence that says what to "
        + "do. Relative paths start in the first folder of this server; paths outside of its folders are refused.";

    /// <summary>Serves until standard input has ended and everything read from it is answered.</summary>
    /// <param name="folders">Where files may lie.</param>
    /// <param name="run">Runs a command line.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    public static async Task RunAsync(AllowedFolders folders, CommandRun run, CancellationToken cancellationToken)
    {
        using SemaphoreSlim one = new(1);
        McpServerPrimitiveCollection<McpServerTool> tools = [];
        foreach (AgentVerb verb in AgentVerb.All)
        {
            tools.Add(new AgentTool(verb, folders, OneAtATimeAsync));
        }

        McpServerOptions options = new()
        {
            ServerInfo = new Implementation
            {
                Name = "tsds",
                Version = typeof(AgentServer).Assembly.GetName().Version!.ToString(3),
            },
            ServerInstructions = Instructions,
            ToolCollection = tools,
        };
        AgentTransport transport = new(Console.OpenStandardInput(), Console.OpenStandardOutput());
        await using (transport.ConfigureAwait(false))
        {
            McpServer server = McpServer.Create(transport, options);
            await using (server.ConfigureAwait(false))
            {
                await server.RunAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        // Each command may take all of the machine: the second waits for the first.
        async Task<int> OneAtATimeAsync(string[] args, CliConsole console, CancellationToken stop)
        {
            await one.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                return await run(args, console, stop).ConfigureAwait(false);
            }
            finally
            {
                one.Release();
            }
        }
    }
}
