using System.CommandLine;
using Tsds.Cli.Commands;

namespace Tsds.Cli.Options;

/// <summary>The options of commands that read an earlier selection.</summary>
internal sealed class RecordedOptions
{
    public Argument<string> Selection { get; } =
        new("OUT") { Description = "Folder of the selection, or its manifest.json." };

    public Option<string> Root { get; } =
        new("--root")
        {
            HelpName = "DIR",
            Description = "Folder from which the paths in the manifest start. Default: the one that tsds runs in.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public SelectOptions Select { get; } = new();

    public IReadOnlyList<Option> All => [Root, Select.Threads, Select.Memory, Select.Json];

    /// <summary>Reads the selection that a command line names.</summary>
    public RecordedSelection Read(ParseResult parse) =>
        RecordedSelection.Read(
            parse.GetRequiredValue(Selection),
            OptionReader.FromFlag(parse, Root)?.Text,
            Select,
            parse
        );

    public void AddTo(Command command)
    {
        command.Add(Selection);
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }
}
