using System.CommandLine;
using Tsds.Cli.Options;
using Tsds.Jobs.Bundle;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

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

    public IReadOnlyList<Option> All => [Root, Select.Threads, Select.Memory, .. Select.Sources.All, Select.Json];

    /// <summary>Reads the manifest of the selection that a command line names.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not a manifest.</exception>
    /// <param name="reader">What was given.</param>
    /// <param name="fetched">The copy of a selection at an address, or null.</param>
    public SelectionManifest ReadManifest(OptionReader reader, FolderPull? fetched) =>
        SelectionManifest.Read(fetched?.Folder ?? reader.Required(Selection));

    /// <summary>Fetches the selection that a command line names where it is at an address.</summary>
    /// <returns>Null for a folder on disk.</returns>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public FolderPull? Fetch(OptionReader reader) =>
        FolderPull.TryOpen(reader.Required(Selection), SelectionFiles.Names);

    /// <summary>Reads the settings with which the selection is made again.</summary>
    /// <exception cref="ArgumentException">A value is wrong.</exception>
    public RepeatOptions ReadRepeat(OptionReader reader)
    {
        RepeatOptions repeat = new()
        {
            Root = reader.Find(Root)?.Text,
            MemoryLimit = Select.Machine.ReadMemory(reader),
        };
        return Select.Machine.ReadThreads(reader) is { } threads ? repeat with { ThreadCount = threads } : repeat;
    }
}
