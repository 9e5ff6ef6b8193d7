using System.Text.Json.Serialization;
using Tsds.Data.Embedding;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Data.Vectors;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Inputs;

/// <summary>The specification of a selection: everything that the selected rows depend on, and nothing else.</summary>
/// <remarks>
/// Names and numbers only, so that a manifest can hold it and the same selection can be made from it again. Where
/// results are written, how many threads run and who searches the pool is said by <see cref="SelectionJobOptions"/>.
/// </remarks>
public sealed record SelectionSpec
{
    /// <summary>
    /// The version of the form in which a specification is recorded; raised when a reader of an older form would
    /// misunderstand it.
    /// </summary>
    internal const int CurrentVersion = 1;

    /// <summary>Gets the version of the form in which the specification was recorded.</summary>
    [JsonInclude]
    internal int Version { get; init; } = CurrentVersion;

    /// <summary>Gets the pool's row files, folders or globs; may be empty when vectors are given.</summary>
    public IReadOnlyList<string> Pool { get; init; } = [];

    /// <summary>Gets the targets' row files; may be empty when vectors are given.</summary>
    /// <remarks>
    /// Each <c>FILE</c>, <c>NAME=FILE</c> or <c>NAME=FILE:WEIGHT</c>. Files of one name are one task; without a name
    /// each file is one, called as the file without its extensions. Weights are given for every task or for none: a
    /// task's weight, divided by the sum of all, is shared equally by its rows; without weights all rows weigh the
    /// same.
    /// </remarks>
    [JsonPropertyName("target")]
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// Gets the pool's ready-made embeddings, row i of all sources together belonging to candidate i.
    /// </summary>
    /// <remarks>
    /// Each as <see cref="VectorSourceSyntax.Parse(string)"/> reads it; .parquet files too, whose columns are copied
    /// while the job runs; or one folder, a vector store that embedding a pool wrote, whose embedder embeds the
    /// targets.
    /// </remarks>
    public IReadOnlyList<string> PoolVectors { get; init; } = [];

    /// <summary>
    /// Gets the targets' ready-made embeddings, combined as the pool's are; named and weighed as <see cref="Targets"/>
    /// are.
    /// </summary>
    public IReadOnlyList<string> TargetVectors { get; init; } = [];

    /// <summary>
    /// Gets files of rows that must not be chosen, such as tests; candidates with the text of one, or near one, are
    /// left out.
    /// </summary>
    /// <remarks>
    /// Texts are compared as they are embedded, runs of white space as one; rows are held in memory, as targets are.
    /// </remarks>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// Gets ready-made embeddings of rows that must not be chosen; where <see cref="Exclude"/> is given too, vector i
    /// belongs to row i.
    /// </summary>
    public IReadOnlyList<string> ExcludeVectors { get; init; } = [];

    /// <summary>
    /// Gets the distance up to which a candidate is near an excluded or kept row, or null for the default.
    /// </summary>
    /// <value>
    /// Finite and not negative, in the unit of the embedding distance. The default is 0.1 (a cosine of 0.995) under
    /// <see cref="Normalization.L2"/>, 0 otherwise.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double? ExcludeDistance
    {
        get;
        init
        {
            if (value is { } distance && !(distance >= 0 && double.IsFinite(distance)))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(ExcludeDistance),
                    distance,
                    "Expected a finite number that is not negative."
                );
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets files of rows that are chosen already: as <see cref="Exclude"/>, and the rows are written first, beside the
    /// budget.
    /// </summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>
    /// Gets ready-made embeddings of rows that are chosen already; where <see cref="Keep"/> is given too, vector i
    /// belongs to row i.
    /// </summary>
    public IReadOnlyList<string> KeepVectors { get; init; } = [];

    /// <summary>
    /// Gets the file of the numbers of rows that must not be chosen, or null.
    /// </summary>
    /// <remarks>
    /// One number a line, from 0, ascending or not. Other than a row of <see cref="Exclude"/>, such a row still belongs
    /// to the pool: it adds to densities, and centering and relevance are taken from the pool with it. Of rows that are
    /// the same, the number of one stands for all.
    /// </remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExcludeRows { get; init; }

    /// <summary>
    /// Gets the file of the numbers of rows that are chosen already, or null: as <see cref="ExcludeRows"/>, and the
    /// rows are written first, beside the budget.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeepRows { get; init; }

    /// <summary>
    /// Gets the selection that this one was made from by changing it, or null. The selected rows do not depend on it.
    /// </summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal SelectionOrigin? Origin { get; init; }

    /// <summary>
    /// Gets the folder of an index of <see cref="PoolVectors"/>, or null. One that does not match is ignored, and the
    /// summary says so.
    /// </summary>
    public string? Index { get; init; }

    /// <summary>Gets the field that holds the text of rows whose schema is not recognized, or null.</summary>
    public string? TextField { get; init; }

    /// <summary>Gets the name of the schema that every row has, or null to recognize it per file.</summary>
    public string? Schema { get; init; }

    /// <summary>Gets the handling of rows that cannot be used.</summary>
    [JsonConverter(typeof(WordConverter<BadRowPolicy>))]
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>Gets the meaning of a quotation mark in files of cells, .csv and .tsv.</summary>
    [JsonConverter(typeof(WordConverter<CellQuotes>))]
    public CellQuotes CsvQuote { get; init; }

    /// <summary>Gets the size of the selection.</summary>
    [JsonConverter(typeof(BudgetConverter))]
    public required Budget Budget { get; init; }

    /// <summary>
    /// Gets the number of rows, or their share of the pool, that a linear model leaves to be embedded; null for all.
    /// </summary>
    /// <value>
    /// In rows or percent. The model learns from the exact selection on a sample which texts are relevant, and scores
    /// all rows; the best go to the exact selection, whose certificate holds for them.
    /// </value>
    /// <exception cref="ArgumentException">The size is in tokens.</exception>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(BudgetConverter))]
    public Budget? Sieve
    {
        get;
        init =>
            field = value is { Tokens: > 0 }
                ? throw new ArgumentException("Expected rows or percent, found tokens.", nameof(Sieve))
                : value;
    }

    /// <summary>Gets the name of the method that selects.</summary>
    /// <value>
    /// One of <see cref="SelectionMethods.Names"/>. The default is optimal transport.
    /// <see cref="SelectionMethods.Uniform"/> is optimal transport too, and sets <see cref="Regularizer"/>.
    /// </value>
    /// <remarks>
    /// Any other method reads only the seed of the settings below. It chooses to a budget in rows, without caps, floors
    /// and weights of tasks, and proves nothing.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is not that of a method.</exception>
    public string Method
    {
        get;
        init
        {
            SelectionMethods.Find(value);
            bool isUniform = value == SelectionMethods.Uniform;
            Settings = isUniform ? Settings with { Regularizer = Regularizer.Uniform } : Settings;
            field = isUniform ? SelectionMethods.Default : value;
        }
    } = SelectionMethods.Default;

    /// <summary>Gets the tokens that count if <see cref="Budget"/> is in tokens.</summary>
    /// <value>The default is <see cref="TokenCount.All"/>.</value>
    [JsonConverter(typeof(WordConverter<TokenCount>))]
    public TokenCount Count { get; init; }

    /// <summary>
    /// Gets the tokenizer that counts the tokens of rows without token ids, or null to estimate them.
    /// </summary>
    /// <value>
    /// A tokenizer.json or vocab.txt, or a folder that holds one: that of the model to train. The default is null.
    /// </value>
    public string? Tokenizer { get; init; }

    /// <summary>
    /// Gets the largest shares of sources, in the unit of the budget, and of tasks, in mass of the plan; what is not
    /// named has none.
    /// </summary>
    [JsonPropertyName("cap")]
    public IReadOnlyList<ShareLimit> Caps { get; init; } = [];

    /// <summary>Gets the least shares of sources and tasks.</summary>
    [JsonPropertyName("floor")]
    public IReadOnlyList<ShareLimit> Floors { get; init; } = [];

    /// <inheritdoc cref="SelectionOptions.Regularizer"/>
    [JsonConverter(typeof(WordConverter<Regularizer>))]
    public Regularizer Regularizer
    {
        get => Settings.Regularizer;
        init => Settings = Settings with { Regularizer = value };
    }

    /// <summary>
    /// Gets the alignment weight α, or null for the one whose selection comes nearest to targets held out from it.
    /// </summary>
    /// <value>From 0, most diverse, to 1, every target's nearest candidate; or null. The default is 0.5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1] or NaN.</exception>
    [JsonConverter(typeof(AutomaticNumberConverter))]
    public double? Alpha
    {
        get => TunesAlpha ? null : Settings.Alpha;
        init
        {
            TunesAlpha = value is null;
            Settings = value is { } alpha ? Settings with { Alpha = alpha } : Settings;
        }
    }

    /// <summary>
    /// Gets λ, what it costs a candidate to be as unlike the targets as a group as the pool is on average; or null for
    /// the one whose selection comes nearest to targets held out from it.
    /// </summary>
    /// <value>Finite and not negative, 0 for nothing; or null. The default is 0.4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    [JsonConverter(typeof(AutomaticNumberConverter))]
    public double? Relevance
    {
        get => TunesRelevance ? null : Settings.Relevance;
        init
        {
            TunesRelevance = value is null;
            Settings = value is { } relevance ? Settings with { Relevance = relevance } : Settings;
        }
    }

    /// <inheritdoc cref="SelectionOptions.Center"/>
    [JsonConverter(typeof(SwitchConverter))]
    public bool Center
    {
        get => Settings.Center;
        init => Settings = Settings with { Center = value };
    }

    /// <summary>Gets the policy for rows that are the same.</summary>
    /// <value>The default is <see cref="CopyPolicy.Once"/>.</value>
    /// <remarks>Read by optimal transport alone; the baselines see every row, as they were published.</remarks>
    [JsonConverter(typeof(WordConverter<CopyPolicy>))]
    public CopyPolicy Copies
    {
        get => Settings.CopiesShareDraw ? CopyPolicy.Once : CopyPolicy.Keep;
        init => Settings = Settings with { CopiesShareDraw = value == CopyPolicy.Once };
    }

    /// <inheritdoc cref="SelectionOptions.Scale"/>
    [JsonConverter(typeof(AutomaticNumberConverter))]
    public double? Scale
    {
        get => Settings.Scale;
        init => Settings = Settings with { Scale = value };
    }

    /// <inheritdoc cref="SelectionOptions.Bandwidth"/>
    [JsonConverter(typeof(AutomaticNumberConverter))]
    public double? Bandwidth
    {
        get => Settings.Bandwidth;
        init => Settings = Settings with { Bandwidth = value };
    }

    /// <inheritdoc cref="SelectionOptions.DensityBase"/>
    [JsonConverter(typeof(WordConverter<DensityBase>))]
    public DensityBase DensityBase
    {
        get => Settings.DensityBase;
        init => Settings = Settings with { DensityBase = value };
    }

    /// <inheritdoc cref="SelectionOptions.EffectiveNeighbors"/>
    [JsonPropertyName("neighbors")]
    public double? EffectiveNeighbors
    {
        get => Settings.EffectiveNeighbors;
        init => Settings = Settings with { EffectiveNeighbors = value };
    }

    /// <inheritdoc cref="SelectionOptions.Sampling"/>
    [JsonConverter(typeof(WordConverter<SamplingMethod>))]
    public SamplingMethod Sampling
    {
        get => Settings.Sampling;
        init => Settings = Settings with { Sampling = value };
    }

    /// <inheritdoc cref="SelectionOptions.Seed"/>
    public ulong Seed
    {
        get => Settings.Seed;
        init => Settings = Settings with { Seed = value };
    }

    /// <summary>Gets the embedder, or null for that of the vector store, else the default one.</summary>
    [JsonIgnore]
    public EmbedderOptions? Embedder { get; init; }

    /// <summary>Gets the name of <see cref="Embedder"/> as it is recorded.</summary>
    [JsonInclude]
    [JsonPropertyName("embedder")]
    internal string? EmbedderName
    {
        get => Embedder?.Name;
        init => Embedder = value is null ? Embedder : (Embedder ?? new EmbedderOptions()) with { Name = value };
    }

    /// <summary>Gets the prefixes of <see cref="Embedder"/> as they are recorded, <c>QUERY|PASSAGE</c>.</summary>
    [JsonInclude]
    internal string? EmbedderPrefix
    {
        get =>
            Embedder is { QueryPrefix: "", PassagePrefix: "" } or null
                ? null
                : $"{Embedder.QueryPrefix}|{Embedder.PassagePrefix}";
        init
        {
            if (value?.Split('|', 2) is [string query, string passage])
            {
                Embedder = (Embedder ?? new EmbedderOptions()) with { QueryPrefix = query, PassagePrefix = passage };
            }
        }
    }

    /// <summary>Gets the variable that holds the key of <see cref="Embedder"/>, as it is recorded.</summary>
    [JsonInclude]
    internal string? EmbedderKey
    {
        get => Embedder is { IsService: true } ? Embedder.KeyVariable : null;
        init => Embedder = value is null ? Embedder : (Embedder ?? new EmbedderOptions()) with { KeyVariable = value };
    }

    /// <summary>
    /// Gets the template of the text that is embedded, or null for the whole row's text in role order.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>Gets the normalization of each embedding.</summary>
    [JsonPropertyName("normalize")]
    [JsonConverter(typeof(WordConverter<Normalization>))]
    public Normalization Normalization { get; init; }

    /// <summary>
    /// Gets a value indicating whether <c>report.html</c> is written, a page that shows the selection.
    /// </summary>
    /// <value>The default is true.</value>
    [JsonIgnore]
    public bool HasReport { get; init; } = true;

    /// <summary>Gets whether there is no report, as it is recorded.</summary>
    [JsonInclude]
    internal bool NoReport
    {
        get => !HasReport;
        init => HasReport = !value;
    }

    /// <summary>
    /// Gets the settings of the solver as far as they are stated; budget, weights, threads and memory are the job's.
    /// </summary>
    internal SelectionOptions Settings { get; private init; } = new() { Budget = 1 };

    /// <summary>Gets a value indicating whether α is chosen by the data.</summary>
    internal bool TunesAlpha { get; private init; }

    /// <summary>Gets a value indicating whether λ is chosen by the data.</summary>
    internal bool TunesRelevance { get; private init; }

    /// <summary>Gets the tuner of the settings that the data shall choose, or null if all are given.</summary>
    internal ISelectionTuner? Tuner =>
        TunesAlpha || TunesRelevance
            ? new SettingCrossValidation { TunesAlpha = TunesAlpha, TunesRelevance = TunesRelevance }
            : null;

    /// <summary>
    /// Gets a value indicating whether rows that are the same are one candidate: only optimal transport is told so.
    /// </summary>
    internal bool MergesCopies => Copies == CopyPolicy.Once && Baseline is null;

    /// <summary>Gets the method that selects in place of optimal transport, or null.</summary>
    internal ISelectionMethod? Baseline => Method == SelectionMethods.Default ? null : SelectionMethods.Find(Method);

    /// <summary>Gets a value indicating whether the draw is bounded by more than a number of rows.</summary>
    internal bool IsBounded => Budget.Tokens > 0 || Caps.Concat(Floors).Any(limit => !limit.IsTask);

    /// <summary>Gets a value indicating whether some candidates are left out because they repeat given rows.</summary>
    internal bool Excludes => Exclude.Count + ExcludeVectors.Count + Keep.Count + KeepVectors.Count > 0;

    /// <summary>Gets <see cref="ExcludeDistance"/> with its default resolved.</summary>
    internal double ResolvedExcludeDistance => ExcludeDistance ?? (Normalization == Normalization.L2 ? 0.1 : 0);
}
