using System.Diagnostics;

namespace Tsds.IntegrationTests;

/// <summary>Paths that may not be read: one sentence each, wherever they are given.</summary>
public sealed class ClosedPathTests : IDisposable
{
    // To the superuser nothing is closed: then the commands run as somebody else.
    private static readonly string[] Somebody =
        Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];

    private readonly TestFolder _folder = new();

    public ClosedPathTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        _folder.WritePool("pool.jsonl", 40);
        _folder.WriteTargets("targets.jsonl", 5);
        Directory.CreateDirectory(_folder["closed/below"]);
        Directory.CreateDirectory(_folder["half/closed"]);
        File.Copy(_folder["pool.jsonl"], _folder["half/open.jsonl"]);
        File.Copy(_folder["pool.jsonl"], _folder["half/closed/rows.jsonl"]);
        File.Copy(_folder["pool.jsonl"], _folder["closed.jsonl"]);
        Run("chmod", "-R", "a+rwX", _folder.Root);
        Run("chmod", "000", _folder["closed"], _folder["half/closed"], _folder["closed.jsonl"]);
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            Run("chmod", "-R", "u+rwX", _folder.Root);
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("closed", "select", "--pool", "closed", "--target", "targets.jsonl")]
    [InlineData("half/closed", "select", "--pool", "half", "--target", "targets.jsonl")]
    [InlineData("closed.jsonl", "select", "--pool", "closed.jsonl", "--target", "targets.jsonl")]
    [InlineData("closed", "select", "--pool", "closed/*.jsonl", "--target", "targets.jsonl")]
    [InlineData("closed.jsonl", "select", "--pool", "pool.jsonl", "--target", "closed.jsonl")]
    [InlineData("closed.jsonl", "select", "--pool-vectors", "closed.jsonl", "--target-vectors", "closed.jsonl")]
    [InlineData("closed.jsonl", "select", "--config", "closed.jsonl")]
    [InlineData("closed", "embed", "--pool", "closed")]
    [InlineData("closed.jsonl", "inspect", "closed.jsonl")]
    [InlineData("closed", "inspect", "closed")]
    public async Task Command_WithAClosedPath_NamesItInASentence(string closed, params string[] arguments)
    {
        string[] more = arguments[0] switch
        {
            "select" => ["--budget", "5", "--out", "out"],
            "embed" => ["--out", "out"],
            _ => [],
        };
        using CliProcess process = CliProcess.StartBehind(Somebody, _folder.Root, [.. arguments, .. more]);
        CliResult result = await process.FinishAsync();
        Assert.Equal(1, result.ExitCode);
        string said = result.Error + result.Out;
        Assert.Contains(closed + ": expected ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Access to the path", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static void Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
