using Tsds.Cli.Commands;
using Tsds.Cli.Output;

namespace Tsds.Cli;

/// <summary>The entry point: streams, signals and exit code of the process.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using SignalCancellation signals = new();
        CliConsole console = CliConsole.FromProcess();
        return await Application
            .RunAsync(args, console, SelectCommand.ForConsole(console), signals.Token)
            .ConfigureAwait(false);
    }
}
