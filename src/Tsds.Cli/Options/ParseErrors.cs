using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Tsds.Cli.Options;

/// <summary>Describes in one sentence why a command line is not valid.</summary>
internal static class ParseErrors
{
    /// <summary>Returns the first error of a command line, or null.</summary>
    /// <returns>One sentence and a hint, or null when nothing is wrong.</returns>
    public static string? Find(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        // Help of a command that does not exist would be help of something else. What follows a directive, such as the
        // line that is being completed, is no command.
        bool isUnknown =
            command is RootCommand
            && parse.UnmatchedTokens is [{ } first, ..]
            && !first.StartsWith('-')
            && parse.Tokens.All(token => token.Type != TokenType.Directive);
        string? problem =
            isUnknown || parse.Action is ParseErrorAction ? FindError(parse, command) : FindMisread(parse, command);
        string name = command is RootCommand ? "tsds" : $"tsds {command.Name}";
        return problem is null ? null : $"{problem} See '{name} --help'.";
    }

    private static string FindError(ParseResult parse, Command command)
    {
        if (parse.UnmatchedTokens.Count > 0)
        {
            return Unknown(parse.UnmatchedTokens[0], command);
        }

        return command is RootCommand ? "a command is needed, for instance 'tsds select'." : parse.Errors[0].Message;
    }

    // System.CommandLine takes anything as a value, other options and their misspellings included: '--pool a --bduget
    // 5%' would read two more files.
    private static string? FindMisread(ParseResult parse, Command command)
    {
        foreach (Option option in command.Options.Where(option => option.Name != SelectOptions.TemplateName))
        {
            IReadOnlyList<Token> tokens = parse.GetResult(option)?.Tokens ?? [];
            if (tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } misread)
            {
                return command.Options.Any(known => known.Name == misread.Value)
                    ? $"{option.Name}: expected a value, found the option '{misread.Value}'."
                    : Unknown(misread.Value, command);
            }
        }

        // A value that is no option's would be taken for a path: 'explore out --no-open' would compare two selections.
        return
            command
                .Arguments.SelectMany(argument => parse.GetResult(argument)?.Tokens ?? [])
                .FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal))
                is { } stray
            ? Unknown(stray.Value, command)
            : null;
    }

    private static string Unknown(string token, Command command)
    {
        if (token.StartsWith('-'))
        {
            string[] names = [.. command.Options.Select(option => option.Name)];
            return $"unknown option '{token}'.{NearestNames.Hint(token, names)}";
        }

        return command is RootCommand
            ? $"unknown command '{token}'.{NearestNames.Hint(token, [.. command.Subcommands.Select(sub => sub.Name)])}"
            : $"unexpected '{token}'; every value belongs to an option.";
    }
}
