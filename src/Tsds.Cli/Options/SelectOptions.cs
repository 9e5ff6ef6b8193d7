using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Options;

/// <summary>The options of <c>tsds select</c>: their names, their descriptions, and their groups in the help.</summary>
internal sealed class SelectOptions
{
    public const string ConfigName = "--config";
    public const string JsonName = "--json";
    public const string TemplateName = "--template";
    public const string VectorsName = "FILE[#NAME]";

    private readonly List<HelpSection> _sections = [];
    private readonly List<Option> _all = [];

    public SelectOptions()
    {
        AddGroup(
            "Input",
            Pool,
            Target,
            PoolVectors,
            TargetVectors,
            Exclude,
            ExcludeVectors,
            ExcludeDistance,
            Keep,
            KeepVectors,
            ExcludeRows,
            KeepRows,
            Index,
            TextField,
            Schema,
            CsvQuote,
            OnBadRow
        );
        AddGroup(
            "What to select",
            Budget,
            Sieve,
            Method,
            Count,
            Tokenizer,
            Cap,
            Floor,
            Regularizer,
            Alpha,
            Scale,
            Relevance,
            Center,
            Bandwidth,
            DensityBase,
            Copies,
            Neighbors,
            Sampling,
            Seed
        );
        AddGroup(
            "Embedding",
            EmbedderFlags.Embedder,
            EmbedderFlags.Prefix,
            EmbedderFlags.Key,
            EmbedderFlags.Price,
            EmbedderFlags.Yes,
            Template,
            Normalize,
            EmbedderFlags.Cache,
            EmbedderFlags.CacheSize,
            EmbedderFlags.NoCache
        );
        AddGroup("Output", Out, NoReport, Force, DryRun, Json);
        AddGroup("Machine and configuration", Threads, Memory, Config);
        AddGroup("Addresses", [.. Sources.All]);
        AddGroup("Cluster", [.. ClusterFlags.All]);
    }

    public static Choice<Regularizer> Regularizers { get; } =
        new(
            ("density", Tsds.Regularizer.Density),
            ("uniform", Tsds.Regularizer.Uniform),
            ("tv", Tsds.Regularizer.TotalVariation)
        );

    public static Choice<SamplingMethod> SamplingMethods { get; } =
        new(
            ("distinct", SamplingMethod.Distinct),
            ("systematic", SamplingMethod.Systematic),
            ("multinomial", SamplingMethod.Multinomial),
            ("top", SamplingMethod.Top)
        );

    public static Choice<DensityBase> DensityBases { get; } =
        new(("pool", Tsds.DensityBase.Pool), ("neighbors", Tsds.DensityBase.Neighbors));

    public static Choice<Normalization> Normalizations { get; } =
        new(("l2", Normalization.L2), ("none", Normalization.None));

    public static Choice<BadRowPolicy> BadRowPolicies { get; } =
        new(("fail", BadRowPolicy.Fail), ("skip", BadRowPolicy.Skip));

    public static Choice<CellQuotes> CellQuoteWords { get; } =
        new(("doubled", CellQuotes.Doubled), ("none", CellQuotes.None));

    public static Choice<CopyPolicy> CopyPolicies { get; } = new(("once", CopyPolicy.Once), ("keep", CopyPolicy.Keep));

    public static Choice<Switch> Switches { get; } = new(("on", Switch.On), ("off", Switch.Off));

    public static Choice<TokenCount> TokenCounts { get; } =
        new(("all", TokenCount.All), ("supervised", TokenCount.Supervised));

    public EmbedderFlags EmbedderFlags { get; } = new();

    public ClusterFlags ClusterFlags { get; } = new();

    public SourceFlags Sources { get; } = new();

    public Option<string[]> Pool { get; } =
        Many(
            "--pool",
            "FILE|DIR|GLOB",
            "Rows to choose from: .jsonl, .json, .csv or .tsv (also .gz or .zst), .parquet and .arrow files, "
                + "folders of them, globs, "
                + "Hugging Face datasets (DIR or DIR:SPLIT), or - for standard input. Schemas are recognized per file. "
                + "Here and wherever a path of rows or vectors is taken also hf://datasets/ORG/NAME[@REVISION][/GLOB], "
                + "s3://BUCKET/PREFIX or https://HOST/FILE."
        );

    public Option<string[]> Target { get; } =
        Many(
            "--target",
            "[NAME=]FILE",
            "Rows of the target task, 10 to 2,000 good examples, in the same formats. Several tasks: "
                + "math=a.jsonl:0.6 code=b.jsonl:0.4, each with its share of the mass; "
                + "without weights every row counts alike."
        );

    public Option<string[]> PoolVectors { get; } =
        Many(
            "--pool-vectors",
            VectorsName,
            "Ready-made embeddings of the pool: .npy, .safetensors, .pt of one tensor, or a Parquet column; "
                + "file#name where a file has several. With --pool, row i "
                + "belongs to vector i; without, row ids are selected. ckpt1.pt:1.7e-5,ckpt2.pt:1.3e-5 "
                + "combines gradient features by weight. "
                + "Or one folder, a vector store of 'tsds embed', whose embedder embeds the targets."
        );

    public Option<string[]> TargetVectors { get; } =
        Many(
            "--target-vectors",
            "[NAME=]" + VectorsName,
            "Ready-made embeddings of the targets, from the same model, combined alike; tasks as for --target."
        );

    public Option<string[]> Exclude { get; } =
        Many(
            "--exclude",
            "FILE",
            "Rows that must not be chosen, such as tests: candidates with the same text, or near one of "
                + "them, are left out and listed with their pair."
        );

    public Option<string[]> ExcludeVectors { get; } =
        Many(
            "--exclude-vectors",
            VectorsName,
            "Ready-made embeddings of rows that must not be chosen. With --exclude, row i belongs to vector i."
        );

    public Option<string> ExcludeDistance { get; } =
        One(
            "--exclude-distance",
            "D",
            "Distance up to which a candidate is near an excluded or kept row. Default: 0.1 (a cosine of "
                + "0.995), and 0 with --normalize none."
        );

    public Option<string[]> Keep { get; } =
        Many(
            "--keep",
            "FILE",
            "Rows chosen already: written first, beside the budget; candidates that repeat them are left out "
                + "as for --exclude."
        );

    public Option<string[]> KeepVectors { get; } =
        Many(
            "--keep-vectors",
            VectorsName,
            "Ready-made embeddings of rows chosen already. With --keep, row i belongs to vector i."
        );

    public Option<string> ExcludeRows { get; } =
        One(
            "--exclude-rows",
            "FILE",
            "Numbers of rows of the pool that must not be chosen, one a line, from 0. The rows still count in "
                + "densities; of rows that are the same, one stands for all."
        );

    public Option<string> KeepRows { get; } =
        One(
            "--keep-rows",
            "FILE",
            "Numbers of rows of the pool that are chosen already: written first, beside the budget."
        );

    public Option<string> Index { get; } =
        One(
            "--index",
            "DIR",
            "Index of the pool's vectors, written by 'tsds index': less time, the same rows. Ignored, with a "
                + "line, when it is not theirs."
        );

    public Option<string> TextField { get; } =
        One("--text-field", "NAME", "The field that holds the text of rows whose schema is not recognized.");

    public Option<string> Schema { get; } =
        One(
            "--schema",
            "NAME",
            "The schema of all rows, such as chatml or alpaca, where it should not be recognized per file."
        );

    public Option<string> CsvQuote { get; } =
        One(
            "--csv-quote",
            CellQuoteWords.Syntax,
            "What a quotation mark means in .csv and .tsv files. doubled: cells may stand in quotation "
                + "marks, which are doubled within (RFC 4180); none: it is text like any other, and each "
                + "line is a row.",
            CellQuoteWords.WordFor(Spec.CsvQuote)
        );

    public Option<string> OnBadRow { get; } =
        One(
            "--on-bad-row",
            BadRowPolicies.Syntax,
            "On broken JSON or a row without text: stop and name the line, or leave the row out, counted and "
                + "listed in the manifest.",
            BadRowPolicies.WordFor(Spec.OnBadRow)
        );

    public Option<string> Budget { get; } =
        One(
            "--budget",
            "N|N%|Ntok",
            "How much to select: rows, a share of the pool, or tokens (500ktok, 20Mtok). Required."
        );

    public Option<string> Method { get; } =
        One(
            "--method",
            "NAME",
            $"What selects: tsds, optimal transport with a proof; or a published baseline without one, to "
                + $"compare with: {string.Join(", ", MethodNames.All.Skip(1))}.",
            MethodNames.Default
        );

    public Option<string> Count { get; } =
        One(
            "--count",
            TokenCounts.Syntax,
            "Which tokens a budget in tokens counts. supervised: those that are trained on: assistant turns, "
                + "completions, labels other than -100.",
            TokenCounts.WordFor(Spec.Count)
        );

    public Option<string> Tokenizer { get; } =
        One(
            "--tokenizer",
            "FILE|DIR",
            "tokenizer.json or vocab.txt of the model to train: counts the tokens of a budget in tokens. "
                + "Without it they are estimated, except for rows with token ids."
        );

    public Option<string[]> Cap { get; } =
        Many(
            "--cap",
            "NAME=N%",
            "Largest share of the budget for a source of rows, such as web=40%, or for a task, such as task:math=40%."
        );

    public Option<string[]> Floor { get; } =
        Many(
            "--floor",
            "NAME=N%",
            "Least share of the budget for a source of rows, such as code=5%, or for a task, such as task:math=5%."
        );

    public Option<string> Regularizer { get; } =
        One(
            "--regularizer",
            Regularizers.Syntax,
            "What diversity means. density: near-duplicates share the weight of one row; uniform: every row "
                + "counts alike, copies too; "
                + "tv: stay close to the pool's own mixture.",
            Regularizers.WordFor(Spec.Regularizer)
        );

    public Option<string> Alpha { get; } =
        One(
            "--alpha",
            "A|auto",
            "Alignment against diversity, 0 to 1: towards 1 fewer rows, nearest to the targets; towards 0 "
                + "more, spread wider. auto: the one "
                + "whose selection comes nearest to held-out targets, by cross-validation; tuning.csv "
                + "shows the others.",
            Number(Spec.Alpha)
        );

    public Option<string> Scale { get; } =
        One(
            "--scale",
            "C|auto",
            "The distance that alpha weighs against. auto: such that alpha 0.5 is the most aligned plan from "
                + "which the budget can be "
                + "drawn without repeats.",
            Number(Spec.Scale)
        );

    public Option<string> Relevance { get; } =
        One(
            "--relevance",
            "L|auto",
            "What it costs a row to be as unlike the targets as a group as the pool is on average, added to its "
                + "squared distances; 0 for nothing. auto: the one of 0, 0.2, 0.4 and 0.8 whose selection comes "
                + "nearest to held-out targets.",
            Number(Spec.Relevance)
        );

    public Option<string> Center { get; } =
        One(
            "--center",
            Switches.Syntax,
            "Whether directions are compared from the pool's mean, so that what all rows have in common does not "
                + "count; nothing with --normalize none.",
            Switches.WordFor(Spec.Center ? Switch.On : Switch.Off)
        );

    public Option<string> Sieve { get; } =
        One(
            "--sieve",
            "N|N%",
            "For pools whose texts cannot all be embedded: embed only so many rows, or such a share of the pool. The "
                + "exact selection on a sample says what is relevant, a linear model of words learns it and scores "
                + "every row at the speed of reading, and the best rows go to the exact selection. The certificate "
                + "holds for them; how much they hold of what matters is measured. A --budget in percent stays a share "
                + "of the whole pool, copies included."
        );

    public Option<string> Copies { get; } =
        One(
            "--copies",
            CopyPolicies.Syntax,
            "once: rows with the same text, white space aside, or of ready-made embeddings the same vector, are one "
                + "candidate, and near-copies share one row's chance to be drawn; keep: every row counts for itself.",
            CopyPolicies.WordFor(Spec.Copies)
        );

    public Option<string> Bandwidth { get; } =
        One(
            "--bandwidth",
            "SIGMA|auto",
            "Rows nearer to each other than this count as near-duplicates; larger merges more, 0 merges "
                + "none. auto: from the data's own "
                + "nearest-neighbor distances.",
            Number(Spec.Bandwidth)
        );

    public Option<string> DensityBase { get; } =
        One(
            "--density-base",
            DensityBases.Syntax,
            "Where near-duplicates are looked for. pool: everywhere; neighbors: among the 5,000 rows nearest "
                + "to each target, for broad "
                + "bandwidths on very large pools.",
            DensityBases.WordFor(Spec.DensityBase)
        );

    public Option<string> Neighbors { get; } =
        One("--neighbors", "S", "Effective rows per target, in place of --alpha and --scale: larger is more diverse.");

    public Option<string> Sampling { get; } =
        One(
            "--sampling",
            SamplingMethods.Syntax,
            "How rows are drawn from their probabilities. distinct: no row twice; systematic: even steps, "
                + "counts as even as can be; "
                + "multinomial: independent draws, repeats act as weights; top: the most probable rows, no chance.",
            SamplingMethods.WordFor(Spec.Sampling)
        );

    public Option<string> Seed { get; } =
        One(
            "--seed",
            "N",
            "Seed of the draw: the same seed and input give the same bytes on any number of threads.",
            Spec.Seed.ToString(CultureInfo.InvariantCulture)
        );

    public Option<string> Template { get; } =
        One(
            TemplateName,
            "TEXT",
            "The text that is embedded, for instance '{user}'; fewer parts, less noise. Default: the whole "
                + "row's text in role order."
        );

    public Option<string> Normalize { get; } =
        One(
            "--normalize",
            Normalizations.Syntax,
            "l2: compare directions only (cosine); none: lengths count too, for embeddings that are meant so.",
            Normalizations.WordFor(Spec.Normalization)
        );

    public Option<string> Out { get; } =
        One(
            "--out",
            "DIR",
            "Folder for the selected rows, their lineage, the report and the manifest; must be empty or new; "
                + "also s3://BUCKET/PREFIX. "
                + "Required, except with --dry-run."
        );

    public Option<bool> NoReport { get; } =
        Flag("--no-report", "Leave out report.html, the page that shows the selection.");

    public Option<bool> Force { get; } =
        Flag("--force", "Replace the selection in a folder that is not empty; other files stay.");

    public Option<bool> DryRun { get; } =
        Flag("--dry-run", "Print the plan (files, memory, warnings) and stop; writes nothing.");

    public Option<bool> Json { get; } =
        Flag(JsonName, "Write plan, progress and result as JSON lines to standard output.");

    public MachineFlags Machine { get; } = new();

    public Option<string> Threads => Machine.Threads;

    public Option<string> Memory => Machine.Memory;

    public Option<string> Config { get; } =
        One(
            ConfigName,
            "FILE.yaml",
            "Options from a file: the same names without dashes, as in 'budget: 5%'. The command line wins."
        );

    /// <summary>Gets every option, in the order of help.</summary>
    public IReadOnlyList<Option> All => _all;

    /// <summary>Gets the options that say how optimal transport selects, and mean nothing to other methods.</summary>
    public IReadOnlyList<Option> OfTransport =>
        [
            .. OfDensities,
            Sieve,
            Count,
            Tokenizer,
            Cap,
            Floor,
            Alpha,
            Scale,
            Relevance,
            Center,
            Copies,
            Neighbors,
            Sampling,
        ];

    /// <summary>Gets the options that say what densities are, and mean nothing if all are 1.</summary>
    public IReadOnlyList<Option> OfDensities => [Regularizer, Bandwidth, DensityBase];

    public IReadOnlyList<HelpSection> Sections => _sections;

    // The defaults that help shows are those of the library, asked from it.
    private static SelectionSpec Spec => new() { Budget = default };

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };

    private static Option<string> One(string name, string value, string description, string? defaultWord = null) =>
        new(name)
        {
            HelpName = value,
            Description = defaultWord is null ? description : $"{description} Default: {defaultWord}.",
            Arity = ArgumentArity.ExactlyOne,
        };

    private static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "auto";

    private void AddGroup(string title, params Option[] options)
    {
        _all.AddRange(options);
        _sections.Add(new HelpSection(title, [.. options.Select(Row)]));
    }

    public static HelpRow Row(Option option)
    {
        string more = option.AllowMultipleArgumentsPerToken ? "..." : "";
        string syntax = option.HelpName is { } value ? $"{option.Name} {value}{more}" : option.Name;
        return new HelpRow(syntax, option.Description ?? "");
    }
}
