using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Data.Store;
using Tsds.Sources;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds cache</c>, which lists or deletes what is kept from run to run.</summary>
internal sealed class CacheCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private const string ClearName = "clear";
    private const string ClearSummary = "Delete all that is kept, unless a run is using it.";

    private readonly Option<string> _cache = new EmbedderFlags().Cache;
    private readonly Option<bool> _json = new SelectOptions().Json;

    public override string Name => "cache";

    public override string Summary => "List or clear the vectors and remote files that runs keep.";

    public override HelpPage Help =>
        new(
            "Lists the vectors that selections keep from run to run, and what was read of files at addresses; "
                + "'tsds cache clear' deletes both.",
            "tsds cache [clear] [options]",
            [new HelpSection("Commands", [new HelpRow(ClearName, ClearSummary)]), Section],
            ["tsds cache", "tsds cache clear"]
        );

    public override IReadOnlyList<Option> Options => [_cache, _json];

    public override IReadOnlyList<CommandDefinition> Commands => [new Clear(this)];

    private HelpSection Section => new("Options", [.. Options.Select(SelectOptions.Row)]);

    protected override Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken) =>
        Task.FromResult(List(Open(reader)));

    private VectorCache Open(OptionReader reader) => new(reader.Find(_cache)?.Text);

    private int List(VectorCache cache)
    {
        IReadOnlyList<VectorCacheEntry> entries = cache.List();
        IReadOnlyList<KeptFile> files = KeptFiles.List(cache.Folder);
        Terminal.Events?.Write(
            "cache",
            new CacheEvent(cache.Folder, entries.Sum(entry => entry.Bytes), entries, files)
        );
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

            WriteFiles(files);
        }

        return ExitCode.Done;
    }

    private void WriteFiles(IReadOnlyList<KeptFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        Terminal.Out.WriteLine(
            $"{Quantity.Of(files.Count, "remote file")}, {Quantity.Bytes(files.Sum(file => file.BytesOnDisk))}"
        );
        foreach (KeptFile file in files)
        {
            string used = file.LastUsed.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            string part = file.BytesOnDisk < file.Bytes ? $" of {Quantity.Bytes(file.Bytes)}" : "";
            Terminal.Out.WriteLine(
                $"  {used}  {Quantity.Bytes(file.BytesOnDisk), 8}{part}  {SafeText.OneLine(file.Address)}"
            );
        }
    }

    private int Delete(VectorCache cache)
    {
        long freed = cache.Clear() + KeptFiles.Clear(cache.Folder);
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
                "Deletes all vectors that selections keep from run to run, and what was read of files at addresses.",
                "tsds cache clear [options]",
                [cache.Section],
                []
            );

        public override IReadOnlyList<Option> Options => cache.Options;

        protected override Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken) =>
            Task.FromResult(cache.Delete(cache.Open(reader)));
    }
}
