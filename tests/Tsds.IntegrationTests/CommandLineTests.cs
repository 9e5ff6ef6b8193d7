using System.Text.RegularExpressions;

namespace Tsds.IntegrationTests;

/// <summary>The answers of the program that do not involve rows: help, version and wrong options.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_Select_ListsTheOptionsOnStdout()
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, "select", "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("--pool-vectors FILE[#NAME]...", result.Out, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Version_IsANumber()
    {
        CliResult result = await CliProcess.RunAsync(_folder.Root, "--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(new Regex(@"^\d+\.\d+\.\d+"), result.Out);
    }

    [Theory]
    [InlineData("", "a command is needed")]
    [InlineData("selct", "unknown command 'selct'. Did you mean 'select'?")]
    [InlineData("select --pool a --bduget 5%", "unknown option '--bduget'. Did you mean '--budget'?")]
    [InlineData("select --pool a --target b --budget lots --out o", "--budget: expected a number of rows")]
    [InlineData(
        "select --pool a --target b --budget 5% --out o --alpha 2",
        "--alpha: expected a number from 0 to 1, found '2'."
    )]
    [InlineData("select --config nowhere.yaml", "--config: the file 'nowhere.yaml' does not exist.")]
    public async Task WrongUse_IsOneSentenceAndExitCode1(string line, string sentence)
    {
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );

        AssertOneSentence(result, sentence);
    }

    [Fact]
    public async Task Config_UnknownKey_NamesFileLineAndNeighbor()
    {
        await File.WriteAllTextAsync(_folder["run.yaml"], "pool: a\nbudgt: 3\n", TestContext.Current.CancellationToken);

        CliResult result = await CliProcess.RunAsync(_folder.Root, "select", "--config", "run.yaml");

        AssertOneSentence(result, "run.yaml, line 2: unknown key 'budgt'. Did you mean 'budget'?");
    }

    [Fact]
    public async Task Pool_MissingFile_IsNamed()
    {
        _folder.WriteTargets("targets.jsonl", 2);

        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool",
            "nowhere.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "5",
            "--out",
            "out"
        );

        AssertOneSentence(result, "");
        Assert.Contains("nowhere.jsonl", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_MissingFile_IsNamed()
    {
        _folder.WritePool("pool.jsonl", 30);

        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "nowhere.jsonl",
            "--budget",
            "5",
            "--out",
            "out"
        );

        AssertOneSentence(result, "");
        Assert.Contains("nowhere.jsonl", result.Error, StringComparison.Ordinal);
    }

    private static void AssertOneSentence(CliResult result, string start)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.StartsWith($"tsds: {start}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("unexpected System.", result.Error, StringComparison.Ordinal);
    }
}
