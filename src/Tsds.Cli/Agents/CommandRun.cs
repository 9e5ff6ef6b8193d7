using Tsds.Cli.Output;

namespace Tsds.Cli.Agents;

/// <summary>Runs a command line as the program would, with other streams.</summary>
/// <param name="args">The command line.</param>
/// <param name="console">Where it writes.</param>
/// <param name="cancellationToken">Stops it.</param>
/// <returns>The exit code.</returns>
internal delegate Task<int> CommandRun(string[] args, CliConsole console, CancellationToken cancellationToken);
