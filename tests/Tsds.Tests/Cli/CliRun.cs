using Tsds.Cli;
using Tsds.Cli.Commands;
using Tsds.Cli.Output;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Cli;

/// <summary>One run of the program inside the test process, with a fake job behind it.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error, FakeJob Job)
{
    /// <summary>Gets the job that was asked for; the run must have reached it.</summary>
    public SelectionJobOptions Options =>
        Job.Ran ?? throw new InvalidOperationException($"The job was not reached: {Error}");

    public static Task<CliRun> RunAsync(params string[] args) => RunAsync(new FakeJob(), CancellationToken.None, args);

    public static async Task<CliRun> RunAsync(FakeJob job, CancellationToken cancellationToken, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        CliConsole console = new(output, error) { TimeProvider = new FakeClock(), IsDebug = job.IsDebug };
        SelectCommand select = new(console, job.MakePlan, job.RunAsync);
        int exitCode = await Application.RunAsync(args, console, select, cancellationToken);
        return new CliRun(exitCode, output.ToString(), error.ToString(), job);
    }

    /// <summary>Runs select with everything that is required, and more.</summary>
    public static Task<CliRun> SelectAsync(params string[] more) =>
        RunAsync([
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "5%",
            "--out",
            "out",
            .. more,
        ]);
}
