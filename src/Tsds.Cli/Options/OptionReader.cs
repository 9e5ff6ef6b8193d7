using System.CommandLine;

namespace Tsds.Cli.Options;

/// <summary>Reads options from the command line first, then from the configuration file.</summary>
internal sealed class OptionReader
{
    private readonly ParseResult _parse;
    private readonly IReadOnlyDictionary<string, OptionValue> _config;

    public OptionReader(ParseResult parse, IReadOnlyDictionary<string, OptionValue> config)
    {
        _parse = parse;
        _config = config;
    }

    /// <summary>Reads a parsed command line and the configuration file that it names.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="file">The option that names the file.</param>
    /// <param name="options">The options that may occur in it; that one does not.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not a configuration; the message names the line.</exception>
    public static OptionReader Create(ParseResult parse, Option<string> file, IReadOnlyList<Option> options) =>
        new(
            parse,
            FromFlag(parse, file) is { } path
                ? ConfigFile.Read(path.Text, [.. options.Where(option => option != file)])
                : new Dictionary<string, OptionValue>()
        );

    public bool IsSet(Option<bool> flag) =>
        _parse.GetResult(flag) is { Implicit: false } || _config.GetValueOrDefault(flag.Name) is { Text: "true" };

    public IReadOnlyList<string> List(Option<string[]> option) => Find(option)?.Items ?? [];

    public OptionValue? Find(Option option) => FromFlag(_parse, option) ?? _config.GetValueOrDefault(option.Name);

    public static OptionValue? FromFlag(ParseResult parse, Option option) =>
        parse.GetResult(option) is { Implicit: false } result
            ? new OptionValue(option.Name, [.. result.Tokens.Select(token => token.Value)], IsFromFlag: true)
            : null;
}
