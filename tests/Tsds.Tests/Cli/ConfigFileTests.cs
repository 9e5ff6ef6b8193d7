namespace Tsds.Tests.Cli;

public sealed class ConfigFileTests : IDisposable
{
    private const string Unknown =
        "line 1: expected an option of the command without its dashes, such as 'budget: 5%', found ";
    private const string NotYaml =
        "expected YAML of 'name: value' lines, each name once, found something else; a value with ': ', '#' or a "
        + "quotation mark belongs in quotation marks.";

    private readonly TempFolder _folder = new();

    private string Path => _folder["run.yaml"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Config_ScalarsAndLists_BothWork()
    {
        CliRun run = await RunAsync(
            """
            # a comment
            pool: [a.jsonl, b.jsonl]
            target:
              - t.jsonl
            budget: 5%
            out: "out folder"
            alpha: 0.25
            force: true
            json: false
            template: "{system}\n{user}"
            """
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["a.jsonl", "b.jsonl"], run.Options.Spec.Pool);
        Assert.Equal(["t.jsonl"], run.Options.Spec.Targets);
        Assert.Equal("out folder", run.Options.Output);
        Assert.Equal(0.25, run.Options.Spec.Alpha);
        Assert.Equal("{system}\n{user}", run.Options.Spec.Template);
        Assert.True(run.Options.Force);
    }

    [Fact]
    public async Task Config_SameOptionAsFlag_FlagWins()
    {
        CliRun run = await RunAsync(
            "pool: a\ntarget: t\nbudget: 5%\nout: o\nalpha: 0.25\n",
            "--budget",
            "7",
            "--pool",
            "b",
            "c"
        );

        Assert.Equal(7, run.Options.Spec.Budget.Rows);
        Assert.Equal(["b", "c"], run.Options.Spec.Pool);
        Assert.Equal(0.25, run.Options.Spec.Alpha);
    }

    [Fact]
    public async Task Config_AlphaAgainstNeighborsAsFlag_FlagWins()
    {
        CliRun run = await RunAsync("pool: a\ntarget: t\nbudget: 5%\nout: o\nalpha: 0.25\n", "--neighbors", "7");

        Assert.Equal(7, run.Options.Spec.EffectiveNeighbors);
        Assert.Equal(0.5, run.Options.Spec.Alpha);
    }

    [Fact]
    public async Task Config_NeighborsAgainstScaleAsFlag_FlagWins()
    {
        CliRun run = await RunAsync("pool: a\ntarget: t\nbudget: 5%\nout: o\nneighbors: 7\n", "--scale", "2");

        Assert.Null(run.Options.Spec.EffectiveNeighbors);
        Assert.Equal(2, run.Options.Spec.Scale);
    }

    [Theory]
    [InlineData("pool: a\nbudgt: 3", "line 2: unknown key 'budgt'. Did you mean 'budget'?")]
    [InlineData("pool_vectors: a", "line 1: unknown key 'pool_vectors'. Did you mean 'pool-vectors'?")]
    [InlineData("config: other.yaml", Unknown + "'config'.")]
    [InlineData("""{"a":1}""", Unknown + "'a'.")]
    [InlineData("pool: a\n\nbudget: {rows: 3}", "line 3: budget: expected a value, found a mapping.")]
    [InlineData("pool: [a, [b]]", "line 1: pool: expected a value, found a list of 1.")]
    [InlineData("pool: []", "line 1: pool: expected at least one value, found a list of 0.")]
    [InlineData("budget: [1, 2]", "line 1: budget: expected one value, found a list of 2.")]
    [InlineData("force: 1", "line 1: force: expected true or false, found '1'.")]
    [InlineData("out:", "line 1: out: expected a value, found nothing.")]
    [InlineData("- a", "line 1: expected 'name: value' lines, found a list of 1.")]
    [InlineData("pool: a\npool: b", "line 2: " + NotYaml)]
    [InlineData("pool: [a\ntarget: b", "line 1: not valid YAML; is a bracket not closed?")]
    [InlineData("pool: a: b", "line 1: " + NotYaml)]
    [InlineData("""{"pool":["a","b"}""", "line 1: " + NotYaml)]
    [InlineData("pool: *a", "line 1: " + NotYaml)]
    [InlineData("pool: a\n---\npool: b", "line 3: expected one YAML document, found a second one.")]
    [InlineData(
        "pool: a\ntarget: t\nbudget: 5%\nout: o\nalpha: 3",
        "line 5: alpha: expected a number from 0 to 1, found '3'."
    )]
    public async Task Config_Wrong_NamesFileAndLine(string yaml, string sentence)
    {
        CliRun run = await RunAsync(yaml);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"tsds: {Path}, {sentence}\n", run.Error);
    }

    [Fact]
    public async Task Config_EmptyFile_IsNoOptions()
    {
        CliRun run = await RunAsync("", "--pool", "a", "--target", "t", "--budget", "1", "--out", "o");

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Config_JsonInFile_TurnsEventsOn()
    {
        CliRun run = await RunAsync("pool: a\ntarget: t\nbudget: 5%\nout: o\njson: true\n");

        Assert.StartsWith("""{"event":"plan",""", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Config_MissingFile_SaysSo()
    {
        CliRun run = await CliRun.RunAsync("select", "--config", "nowhere/run.yaml");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("tsds: --config: the file 'nowhere/run.yaml' does not exist.\n", run.Error);
    }

    private async Task<CliRun> RunAsync(string yaml, params string[] more)
    {
        await File.WriteAllTextAsync(Path, yaml, TestContext.Current.CancellationToken);
        return await CliRun.RunAsync(["select", "--config", Path, .. more]);
    }
}
