using Tsds.Cli;
using Tsds.Cli.Commands;
using Tsds.Cli.Output;

namespace Tsds.Tests.Cli;

/// <summary>One run of the program inside the test process, with the real jobs behind it.</summary>
internal sealed record RealRun(int ExitCode, string Out, string Error)
{
    public static Task<RealRun> RunAsync(params string[] args) => RunAsync(90, args);

    /// <summary>Runs with so many columns for help and tables.</summary>
    public static async Task<RealRun> RunAsync(int width, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        CliConsole console = new(output, error) { TimeProvider = new FakeClock(), Width = width };
        int exitCode = await Application.RunAsync(
            args,
            console,
            SelectCommand.ForConsole(console),
            TestContext.Current.CancellationToken
        );
        return new RealRun(exitCode, output.ToString(), error.ToString());
    }
}
