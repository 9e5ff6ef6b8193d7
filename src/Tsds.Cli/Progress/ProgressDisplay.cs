using Tsds.Cli.Output;

namespace Tsds.Cli.Progress;

/// <summary>Chooses the display of progress.</summary>
internal static class ProgressDisplay
{
    public static IProgressDisplay For(CliConsole console)
    {
        if (console.Events is { } events)
        {
            return new SteppedProgress(new JsonProgressLines(events), TimeSpan.FromSeconds(0.5), console.TimeProvider);
        }

        return console.IsErrorTerminal
            ? new TerminalProgress(console.Error)
            : new SteppedProgress(new PlainProgressLines(console.Error), TimeSpan.FromSeconds(2), console.TimeProvider);
    }
}
