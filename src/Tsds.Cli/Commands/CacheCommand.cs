using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Data.Store;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds cache</c>, which lists or deletes the vectors that are kept.</summary>
internal sealed class CacheCommand
{
    private readonly CliConsole _console;
    private readonly Option<string> _cache = new EmbedderFlags().Cache;
    private readonly Option<bool> _json = new SelectOptions().Json;

    public CacheCommand(CliConsole console)
    {
        _console = console;
        HelpSection options = new("Options", [SelectOptions.Row(_cache), SelectOptions.Row(_json)]);
        Help = new HelpPage(
            "Lists the vectors that selections keep from run to run; 'tsds cache clear' deletes them.",
            "tsds cache [clear] [options]",
            [
                new HelpSection(
                    "Commands",
                    [new HelpRow("clear", "Delete all that is kept, unless a run is using it.")]
                ),
                options,
            ],
            ["tsds cache", "tsds cache clear"]
        );
        ClearHelp = new HelpPage(
            "Deletes all vectors that selections keep from run to run.",
            "tsds cache clear [options]",
            [options],
            []
        );
    }

    public HelpPage Help { get; }

    public HelpPage ClearHelp { get; }

    /// <summary>Gets <c>tsds cache clear</c>, once <see cref="Create"/> was called.</summary>
    public Command? Clear { get; private set; }

    public Command Create()
    {
        Command command = new("cache", "List or clear the vectors that selections keep from run to run.")
        {
            _cache,
            _json,
        };
        command.SetAction(parse => List(Open(parse)));
        Clear = new Command("clear", "Delete all that is kept, unless a run is using it.") { _cache, _json };
        Clear.SetAction(parse => Delete(Open(parse)));
        command.Add(Clear);
        return command;
    }

    private VectorCache Open(ParseResult parse)
    {
        OptionReader reader = new(parse, new Dictionary<string, OptionValue>());
        if (reader.IsSet(_json))
        {
            _console.UseJson();
        }

        return new VectorCache(new VectorCacheOptions { Folder = reader.Find(_cache)?.Text });
    }

    private int List(VectorCache cache)
    {
        IReadOnlyList<VectorCacheEntry> entries = cache.List();
        _console.Events?.Write("cache", new CacheEvent(cache.Folder, entries.Sum(entry => entry.Bytes), entries));
        if (_console.Events is null)
        {
            _console.Out.WriteLine(
                $"{cache.Folder}: {Quantity.Of(entries.Sum(entry => entry.Rows), "vector")}, "
                    + $"{Quantity.Bytes(entries.Sum(entry => entry.Bytes))}"
            );
            foreach (VectorCacheEntry entry in entries)
            {
                string used = entry.LastUsed.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
                _console.Out.WriteLine(
                    $"  {used}  {Quantity.Bytes(entry.Bytes), 8}  {Quantity.Of(entry.Rows, "vector")} of "
                        + $"dimension {entry.Dimension?.ToString(CultureInfo.InvariantCulture) ?? "?"}  "
                        + $"{SafeText.OneLine(entry.Embedder)}"
                );
            }
        }

        return ExitCode.Done;
    }

    private int Delete(VectorCache cache)
    {
        long freed = cache.Clear();
        _console.Events?.Write("cleared", new ClearedEvent(cache.Folder, freed));
        if (_console.Events is null)
        {
            _console.Out.WriteLine($"Cleared {cache.Folder}: {Quantity.Bytes(freed)} freed.");
        }

        return ExitCode.Done;
    }
}
