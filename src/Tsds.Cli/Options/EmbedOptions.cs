using System.CommandLine;
using Tsds.Cli.Help;

namespace Tsds.Cli.Options;

/// <summary>The options of <c>tsds embed</c>.</summary>
internal sealed class EmbedOptions
{
    private readonly SelectOptions _select = new();

    public EmbedOptions()
    {
        Sections =
        [
            Section("Input", Pool, TextField, Schema, CsvQuote, OnBadRow),
            Section(
                "Embedding",
                Embedder.Embedder,
                Embedder.Prefix,
                Embedder.Key,
                Embedder.Price,
                Embedder.Yes,
                Template
            ),
            Section("Output", Out, Store, Force, DryRun, Json),
            Section("Machine and configuration", Machine.Threads, Machine.Memory, Config),
            Section("Addresses", [.. _select.Sources.All]),
        ];
    }

    public static Choice<VectorPrecision> Precisions { get; } =
        new(("float32", VectorPrecision.Full), ("float16", VectorPrecision.Half));

    public EmbedderFlags Embedder => _select.EmbedderFlags;

    public Option<string[]> Pool => _select.Pool;

    public Option<string> TextField => _select.TextField;

    public Option<string> Schema => _select.Schema;

    public Option<string> CsvQuote => _select.CsvQuote;

    public Option<string> OnBadRow => _select.OnBadRow;

    public Option<string> Template => _select.Template;

    public Option<string> Out { get; } =
        new("--out")
        {
            HelpName = "DIR",
            Description =
                "Folder of the vector store: new or empty, or a store to bring up to date, which embeds new "
                + "rows only; or s3://BUCKET/PREFIX, where nothing is yet. Required.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> Store { get; } =
        new("--store")
        {
            HelpName = Precisions.Syntax,
            Description =
                $"How vectors are stored; float16 takes half the space. Default: "
                + $"{Precisions.WordFor(VectorPrecision.Full)}.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<bool> Force { get; } =
        new("--force")
        {
            Description = "Replace a store of other settings or another pool; other files stay.",
            Arity = ArgumentArity.Zero,
        };

    public Option<bool> DryRun => _select.DryRun;

    public Option<bool> Json => _select.Json;

    public MachineFlags Machine => _select.Machine;

    public Option<string> Config => _select.Config;

    public IReadOnlyList<HelpSection> Sections { get; }

    public List<Option> All { get; } = [];

    private HelpSection Section(string title, params Option[] options)
    {
        All.AddRange(options);
        return new HelpSection(title, [.. options.Select(SelectOptions.Row)]);
    }
}
