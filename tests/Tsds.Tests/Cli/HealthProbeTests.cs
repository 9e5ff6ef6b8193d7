using System.Net;

namespace Tsds.Tests.Cli;

/// <summary>The question that containers ask a worker; that a member answers it is tested with clusters.</summary>
public sealed class HealthProbeTests
{
    [Theory]
    [InlineData(HttpStatusCode.OK, 0, "")]
    [InlineData(HttpStatusCode.NotFound, 1, "found 404;")]
    [InlineData(HttpStatusCode.ServiceUnavailable, 1, "found 503;")]
    public async Task HealthCheck_AnswerOfTheWorker_IsTheExitCode(HttpStatusCode answer, int exitCode, string found)
    {
        using HttpListener worker = LocalHttp.Start("/", out int port);
        Task<RealRun> asked = AskAsync(port);
        HttpListenerContext context = await worker.GetContextAsync();
        Assert.Equal("/healthz", context.Request.Url!.AbsolutePath);
        context.Response.StatusCode = (int)answer;
        context.Response.Close();
        RealRun run = await asked;
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
        Assert.Contains(found, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthCheck_NobodyThere_IsOneSentence()
    {
        RealRun run = await AskAsync(FreePort.Find());
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            "tsds: --health-check: expected the answer 200 from http://",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("file:///etc/passwd")]
    public async Task HealthCheck_NoAddress_IsOneSentence(string address)
    {
        RealRun run = await RealRun.RunAsync("worker", "--health-check", address);
        Assert.Equal(
            (
                1,
                "tsds: --health-check: expected the address of a worker's health, such as "
                    + $"http://127.0.0.1:8080/healthz, found '{address}'.\n"
            ),
            (run.ExitCode, run.Error)
        );
    }

    private static Task<RealRun> AskAsync(int port) =>
        RealRun.RunAsync("worker", "--health-check", $"http://localhost:{port}/healthz");
}
