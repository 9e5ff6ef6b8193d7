using Spectre.Console;

namespace Tsds.Cli.Progress;

/// <summary>Displays progress for people: a bar per stage with rate and time left, drawn in place.</summary>
internal sealed class TerminalProgress : IProgressDisplay
{
    private readonly IAnsiConsole _console;

    public TerminalProgress(TextWriter error)
        : this(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) })) { }

    public TerminalProgress(IAnsiConsole console)
    {
        _console = console;
    }

    public Task<T> RunAsync<T>(Func<IProgress<SelectionProgress>, Task<T>> work) =>
        _console
            .Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RateColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async context =>
            {
                StageBars bars = new(context);
                T result = await work(bars).ConfigureAwait(false);
                bars.Complete();
                return result;
            });

    public void WriteLine(string line) => _console.WriteLine(line);
}
