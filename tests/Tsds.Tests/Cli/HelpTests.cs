using System.Text.RegularExpressions;

namespace Tsds.Tests.Cli;

/// <summary>The help of every command, as it is read on a wide and on a narrow screen.</summary>
public sealed partial class HelpTests
{
    private static readonly string[] Commands =
    [
        "select",
        "compare",
        "embed",
        "index",
        "inspect",
        "verify",
        "explain",
        "explore",
        "export",
        "cache",
        "merge",
        "shard",
        "worker",
        "mcp",
        "completion",
    ];

    public static TheoryData<string> Lines => [.. Commands, "", "cache clear"];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Help_Command_IsApproved(string line)
    {
        string name = line.Length == 0 ? "tsds" : line.Replace(' ', '-');
        Approval.Matches(
            $"== 90 columns\n{await HelpAsync(90, line)}\n== 60 columns\n{await HelpAsync(60, line)}",
            $"Cli/Help/{name}.approved.txt"
        );
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Help_AnyWidth_FitsIntoIt(string line)
    {
        foreach (int width in new[] { 50, 60, 75, 90, 100 })
        {
            // Usage and examples are lines to be copied, and neither an option's syntax nor a word is broken.
            string[] wrapped =
            [
                .. (await HelpAsync(width, line))
                    .Split('\n')
                    .TakeWhile(text => text != "Examples:")
                    .Where(text => !text.StartsWith("Usage:", StringComparison.Ordinal))
                    .Where(text => !text.StartsWith("  -", StringComparison.Ordinal) && text.Trim().Contains(' ')),
            ];
            Assert.All(wrapped, text => Assert.InRange(text.Length, 0, width));
        }
    }

    [Fact]
    public async Task Help_Root_NamesEveryCommandThatHasAnApprovedHelp()
    {
        string help = await HelpAsync(90, "");
        string section = help[help.IndexOf("\nCommands:", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n\n", StringComparison.Ordinal)];
        Assert.Equal(Commands, Name().Matches(section).Select(match => match.Groups[1].Value));
    }

    [GeneratedRegex(@"^  (\S+)", RegexOptions.Multiline)]
    private static partial Regex Name();

    private static async Task<string> HelpAsync(int width, string line)
    {
        RealRun run = await RealRun.RunAsync(
            width,
            [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]
        );
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run.Out;
    }
}
