using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Data.Store;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds cache</c>, which lists or deletes the vectors that are kept.</summary>
internal sealed class CacheCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private const string ClearName = "clear";
    private const string ClearSummary = "Delete all that is kept, unless a run is using it.";

    private readonly Option<string> _cache = new EmbedderFlags().Cache;
    private readonly Option<bool> _json = new SelectOptions().Json;

    public override string Name => "cache";

    public override string Summary => "List or clear the vectors that selections keep from run to run.";

    public override HelpPage Help =>
        new(
            "Lists the vectors that selections keep from run to run; 'tsds cache clear' deletes them.",
            "tsds cache [clear] [options]",
            [new HelpSection("Commands", [new HelpRow(ClearName, ClearSummary)]), Section],
            ["tsds cache", "tsds cache clear"]
        );

    public override IReadOnlyList<Option> Options => [_cache, _json];

    public override IReadOnlyList<CommandDefinition> Commands => [new Clear(this)];

    private HelpSection Section => new("Options", [.. Options.Select(SelectOptions.Row)]);

    protected override Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken) =>
        Task.FromResult(List(Open(reader)));

    private VectorCache Open(OptionReader reader) => new(new VectorCacheOptions { Folder = reader.Find(_cache)?.Text });

    private int List(VectorCache cache)
    {
        IReadOnlyList<VectorCacheEntry> entries = cache.List();
        Terminal.Events?.Write("cache", new CacheEvent(cache.Folder, entries.Sum(entry => entry.Bytes), entries));
        if (Terminal.Events is null)
        {
            Terminal.Out.WriteLine(
                $"{cache.Folder}: {Quantity.Of(entries.Sum(entry => entry.Rows), "vector")}, "
                    + $"{Quantity.Bytes(entries.Sum(entry => entry.Bytes))}"
            );
            foreach (VectorCacheEntry entry in entries)
            {
                string used = entry.LastUsed.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
                Terminal.Out.WriteLine(
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
        Terminal.Events?.Write("cleared", new ClearedEvent(cache.Folder, freed));
        if (Terminal.Events is null)
        {
            Terminal.Out.WriteLine($"Cleared {cache.Folder}: {Quantity.Bytes(freed)} freed.");
        }

        return ExitCode.Done;
    }

    /// <summary>The command <c>tsds cache clear</c>.</summary>
    private sealed class Clear(CacheCommand cache) : CommandDefinition(cache.Terminal)
    {
        public override string Name => ClearName;

        public override string Summary => ClearSummary;

        public override HelpPage Help =>
            new(
                "Deletes all vectors that selections keep from run to run.",
                "tsds cache clear [options]",
                [cache.Section],
                []
            );

        public override IReadOnlyList<Option> Options => cache.Options;

        protected override Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken) =>
            Task.FromResult(cache.Delete(cache.Open(reader)));
    }
}
