using System.Text.Json;
using Tsds.Cli.Output;

namespace Tsds.Tests.Cli;

public sealed class SelectCommandTests
{
    private static readonly SelectionProgress[] Reports =
    [
        new(SelectionStage.Reading, 0, 100),
        new(SelectionStage.Reading, 100, 100),
        new(SelectionStage.Solving, 0, null),
    ];

    [Fact]
    public async Task Run_Words_SummaryOnStdoutAndTheRestOnStderr()
    {
        CliRun run = await CliRun.RunAsync(new FakeJob { Reports = Reports }, CancellationToken.None, Line());

        Assert.Equal(0, run.ExitCode);
        Approval.Matches(run.Out, "Cli/Summary.approved.txt");
        Approval.Matches(run.Error, "Cli/Progress.approved.txt");
    }

    [Fact]
    public async Task Run_Json_EventsOnStdoutAndNothingOnStderr()
    {
        CliRun run = await CliRun.RunAsync(new FakeJob { Reports = Reports }, CancellationToken.None, Line("--json"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Approval.Matches(run.Out, "Cli/Events.approved.txt");
        string[] events =
        [
            .. run
                .Out.TrimEnd('\n')
                .Split('\n')
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!),
        ];
        Assert.Equal(["plan", "progress", "progress", "progress", "progress", "result"], events);
    }

    [Fact]
    public async Task Run_DryRun_PrintsThePlanAndStops()
    {
        CliRun run = await CliRun.RunAsync("select", "--pool", "p", "--target", "t", "--budget", "5%", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(EstimateText.Render(FakeJob.Plan), run.Out);
        Assert.Equal("", run.Error);
        Assert.Null(run.Job.Ran);
    }

    [Fact]
    public async Task Run_DryRunJson_WritesThePlanEventAndStops()
    {
        CliRun run = await CliRun.RunAsync(
            "select",
            "--pool",
            "p",
            "--target",
            "t",
            "--budget",
            "5%",
            "--dry-run",
            "--json"
        );

        Assert.Equal("plan", JsonDocument.Parse(run.Out).RootElement.GetProperty("event").GetString());
        Assert.Null(run.Job.Ran);
    }

    [Fact]
    public async Task Run_Cancelled_Returns130()
    {
        CliRun run = await CliRun.RunAsync(new FakeJob(), new CancellationToken(canceled: true), Line("--json"));

        Assert.Equal(130, run.ExitCode);
        Assert.EndsWith("tsds: cancelled; no output was written.\n", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            """{"event":"error","message":"cancelled; no output was written.","exitCode":130}""" + "\n",
            run.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Run_Failed_OneSentenceAndOneEvent()
    {
        InvalidDataException failure = new("pool.jsonl, line 7: expected a JSON object,\nfound '\u001b[2J['.");

        CliRun run = await CliRun.RunAsync(new FakeJob { Failure = failure }, CancellationToken.None, Line("--json"));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("tsds: pool.jsonl, line 7: expected a JSON object, found ' [2J['.\n", run.Error);
        Assert.Contains("\"event\":\"error\"", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_UnexpectedFailure_ShowsTheTraceOnlyForDebugging(bool isDebug)
    {
        FakeJob job = new() { Failure = new InvalidCastException("Apples are not pears."), IsDebug = isDebug };

        CliRun run = await CliRun.RunAsync(job, CancellationToken.None, Line());

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "tsds: unexpected System.InvalidCastException: Apples are not pears. This is a mistake in tsds, "
                + "please report it;",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(isDebug, run.Error.Contains("   at Tsds.Cli.", StringComparison.Ordinal));
    }

    private static string[] Line(params string[] more) =>
        ["select", "--pool", "p", "--target", "t", "--budget", "5%", "--out", "out", "--threads", "2", .. more];
}
