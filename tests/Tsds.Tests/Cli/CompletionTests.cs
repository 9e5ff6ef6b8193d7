namespace Tsds.Tests.Cli;

/// <summary>The scripts that shells complete with; that archives install them is tested with the archives.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _tsds tsds\n")]
    [InlineData("zsh", "#compdef tsds\n")]
    [InlineData("fish", "complete -c tsds -a '(__tsds_suggest)'\n")]
    public async Task Completion_Shell_PrintsItsScript(string shell, string line)
    {
        RealRun run = await RealRun.RunAsync("completion", shell);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(line, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_AnotherShell_IsOneSentence()
    {
        RealRun run = await RealRun.RunAsync("completion", "powershell");
        Assert.Equal(
            (1, "", "tsds: completion: expected bash, zsh or fish, found 'powershell'.\n"),
            (run.ExitCode, run.Out, run.Error)
        );
    }
}
