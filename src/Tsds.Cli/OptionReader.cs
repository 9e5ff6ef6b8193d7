using System.CommandLine;

namespace Tsds.Cli;

/// <summary>Looks options up on the command line first, then in the configuration file.</summary>
internal sealed class OptionReader
{
    private readonly ParseResult _parse;
    private readonly IReadOnlyDictionary<string, OptionValue> _config;

    public OptionReader(ParseResult parse, IReadOnlyDictionary<string, OptionValue> config)
    {
        _parse = parse;
        _config = config;
    }

    public bool IsSet(Option<bool> flag) =>
        _parse.GetResult(flag) is { Implicit: false } || _config.GetValueOrDefault(flag.Name) is { Text: "true" };

    public IReadOnlyList<string> List(Option<string[]> option) => Find(option)?.Items ?? [];

    public OptionValue? Find(Option option) => FromFlag(_parse, option) ?? _config.GetValueOrDefault(option.Name);

    public static OptionValue? FromFlag(ParseResult parse, Option option) =>
        parse.GetResult(option) is { Implicit: false } result
            ? new OptionValue(option.Name, [.. result.Tokens.Select(token => token.Value)], IsFromFlag: true)
            : null;
}
