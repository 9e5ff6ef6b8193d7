using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Options;

/// <summary>
/// The options of <c>tsds compare</c>: those of <c>tsds select</c> that apply to every method, and its own.
/// </summary>
internal sealed class CompareOptions
{
    private readonly List<HelpSection> _sections = [];
    private readonly List<Option> _all = [];

    public CompareOptions()
    {
        Select.Out.Description =
            "Folder for the scores; must be empty, new, or hold an earlier run of the same comparison, which "
            + "is resumed. Required, except with --dry-run.";
        Select.NoReport.Description = "Leave out report.html, the page that shows the scores.";
        Select.Force.Description = "Replace the scores of another comparison; other files stay.";
        Select.Budget.HelpName = "N|N%";
        Select.Budget.Description = "How much each method selects: rows, or a share of the pool. Required.";
        Select.Exclude.Description =
            "Rows that no method may choose: candidates with the same text, or near one of them, are left out.";
        AddGroup(
            "Input",
            Select.Pool,
            Select.Target,
            Select.PoolVectors,
            Select.TargetVectors,
            Select.Exclude,
            Select.ExcludeVectors,
            Select.ExcludeDistance,
            Test,
            TestVectors,
            Select.Index,
            Select.TextField,
            Select.Schema,
            Select.CsvQuote,
            Select.OnBadRow
        );
        AddGroup("What to compare", Select.Budget, Methods, GroupField, Seeds, Detailed, Select.Seed);
        AddGroup(
            "Settings of tsds",
            Select.Regularizer,
            Select.Alpha,
            Select.Scale,
            Select.Relevance,
            Select.Center,
            Select.Bandwidth,
            Select.DensityBase,
            Select.Copies,
            Select.Neighbors,
            Select.Sampling
        );
        EmbedderFlags embedder = Select.EmbedderFlags;
        AddGroup(
            "Embedding",
            embedder.Embedder,
            embedder.Prefix,
            embedder.Key,
            embedder.Price,
            embedder.Yes,
            Select.Template,
            Select.Normalize,
            embedder.Cache,
            embedder.CacheSize,
            embedder.NoCache
        );
        AddGroup("Output", Select.Out, Select.NoReport, Select.Force, Select.DryRun, Select.Json);
        AddGroup("Machine and configuration", Select.Threads, Select.Memory, Select.Config);
        AddGroup("Addresses", [.. Select.Sources.All]);
    }

    public SelectOptions Select { get; } = new();

    public Option<string[]> Test { get; } =
        new("--test")
        {
            HelpName = "FILE",
            Description =
                "Rows that should not be chosen, such as tests: the leak rate is the share of a "
                + "selection that repeats one. Nothing is left out for them.",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };

    public Option<string[]> TestVectors { get; } =
        new("--test-vectors")
        {
            HelpName = SelectOptions.VectorsName,
            Description = "Their ready-made embeddings. With --test, row i belongs to vector i.",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };

    public Option<string> Methods { get; } =
        new("--methods")
        {
            HelpName = "A,B,...|all",
            Description =
                $"The methods, separated by commas: {string.Join(", ", MethodNames.All)}. all: those "
                + $"whose inputs are there. {MethodNames.Default} always takes part. Default: all.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> GroupField { get; } =
        new("--group-field")
        {
            HelpName = "NAME",
            Description =
                "The field of the targets that says what belongs together, such as conversation or "
                + "meta.source: a group guides or judges as a whole. "
                + "Default: conversation_id, thread_id, session_id, document_id or doc_id. Equal texts always "
                + "belong together.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> Seeds { get; } =
        new("--seeds")
        {
            HelpName = "N",
            Description =
                "Seeds that each method selects with, to show how far chance decides; the first selection is "
                + "judged. Default: 1, which shows nothing.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<bool> Detailed { get; } =
        new("--detailed")
        {
            Description =
                "Take the slow metrics too: Sinkhorn divergence, sliced W1, two-sample test, neighborhoods, W2.",
            Arity = ArgumentArity.Zero,
        };

    /// <summary>Gets every option, in the order of help.</summary>
    public IReadOnlyList<Option> All => _all;

    public IReadOnlyList<HelpSection> Sections => _sections;

    private void AddGroup(string title, params Option[] options)
    {
        _all.AddRange(options);
        _sections.Add(new HelpSection(title, [.. options.Select(SelectOptions.Row)]));
    }
}
