using System.CommandLine;

namespace Tsds.Cli.Options;

/// <summary>The options of <c>tsds inspect</c>.</summary>
internal sealed class InspectOptions
{
    private readonly SelectOptions _select = new();

    public Argument<string[]> Paths { get; } =
        new("PATH")
        {
            Description =
                "Files in any container, folders, globs, datasets (DIR or DIR:SPLIT), addresses "
                + "(hf://datasets/ORG/NAME, s3://BUCKET/PREFIX, https://HOST/FILE), or - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };

    public Option<string> TextField => _select.TextField;

    public Option<string> Schema => _select.Schema;

    public Option<string> CsvQuote => _select.CsvQuote;

    public Option<bool> Json { get; } =
        new(SelectOptions.JsonName)
        {
            Description = "Write progress and findings as JSON lines to standard output.",
            Arity = ArgumentArity.Zero,
        };

    public IReadOnlyList<Option> All => [TextField, Schema, CsvQuote, .. _select.Sources.All, Json];
}
