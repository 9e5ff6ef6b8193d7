using Tsds.Data.Embedding;
using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Data.Tokens;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>The whole job as a user states it: files in, options, folder out.</summary>
public sealed record SelectionJobOptions
{
    /// <summary>Gets the pool's row files, folders or globs; may be empty when vectors are given.</summary>
    public IReadOnlyList<string> Pool { get; init; } = [];

    /// <summary>Gets the targets' row files; may be empty when vectors are given.</summary>
    /// <remarks>
    /// Each <c>FILE</c>, <c>NAME=FILE</c> or <c>NAME=FILE:WEIGHT</c>. Files of one name are one task; without a name
    /// each file is one, called as the file without its extensions. Weights are given for every task or for none: a
    /// task's weight, divided by the sum of all, is shared equally by its rows; without weights all rows weigh the
    /// same.
    /// </remarks>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// Gets the pool's ready-made embeddings, row i of all sources together belonging to candidate i.
    /// </summary>
    /// <remarks>
    /// Each as <see cref="VectorSource.Parse"/> reads it; .parquet files too, whose columns are copied while the job
    /// runs; or one folder, a vector store of <see cref="EmbedJob"/>, whose embedder embeds the targets.
    /// </remarks>
    public IReadOnlyList<string> PoolVectors { get; init; } = [];

    /// <summary>
    /// Gets a pool that others search in place of one that is opened here over <see cref="PoolVectors"/>, whose vectors
    /// it holds; or null. It stays the caller's.
    /// </summary>
    /// <remarks>
    /// Where <see cref="PoolVectors"/> is a vector store, nothing of it is read but its manifest and its embedder's
    /// fit; those who search check the vectors.
    /// </remarks>
    public ICandidatePool? ServedPool { get; init; }

    /// <summary>
    /// Gets the folder in which the vectors of <see cref="ServedPool"/> lie for those who search them, as the manifest
    /// names it; null for <see cref="PoolVectors"/>.
    /// </summary>
    public string? ServedFolder { get; init; }

    /// <summary>
    /// Gets the targets' ready-made embeddings, combined as the pool's are; named and weighed as <see cref="Targets"/>
    /// are.
    /// </summary>
    public IReadOnlyList<string> TargetVectors { get; init; } = [];

    /// <summary>Gets the embedder, or null for that of the vector store, else the lexical one.</summary>
    public EmbedderOptions? Embedder { get; init; }

    /// <summary>Gets where vectors of rows are kept from run to run, or null to keep none.</summary>
    public VectorCacheOptions? Cache { get; init; } = new();

    /// <summary>
    /// Gets files of rows that must not be chosen, such as tests; candidates with the text of one, or near one, are
    /// left out.
    /// </summary>
    /// <remarks>
    /// Texts are compared as they are embedded, runs of blanks as one; rows are held in memory, as targets are.
    /// </remarks>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// Gets ready-made embeddings of rows that must not be chosen; where <see cref="Exclude"/> is given too, vector i
    /// belongs to row i.
    /// </summary>
    public IReadOnlyList<string> ExcludeVectors { get; init; } = [];

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
    /// Gets the folder of an index of <see cref="PoolVectors"/>, or null. One that does not match is ignored, and the
    /// summary says so.
    /// </summary>
    public string? Index { get; init; }

    /// <summary>Gets how much to select.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Gets which tokens count where <see cref="Budget"/> is in tokens.</summary>
    /// <value>The default is <see cref="TokenCount.All"/>.</value>
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
    public IReadOnlyList<ShareLimit> Caps { get; init; } = [];

    /// <summary>Gets the least shares of sources and tasks.</summary>
    public IReadOnlyList<ShareLimit> Floors { get; init; } = [];

    /// <summary>Gets the output folder.</summary>
    public required string Output { get; init; }

    /// <summary>Gets whether a non-empty output folder is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Gets what to select; its <see cref="SelectionOptions.Budget"/> is replaced by <see cref="Budget"/> once the
    /// pool's size is known.
    /// </summary>
    public SelectionOptions Selection { get; init; } = new() { Budget = 1 };

    /// <summary>Gets what selects in the place of optimal transport, or null.</summary>
    /// <remarks>
    /// Of <see cref="Selection"/> it reads the seed alone. It chooses to a budget in rows, without caps, floors and
    /// weights of tasks, and proves nothing.
    /// </remarks>
    public ISelectionMethod? Method { get; init; }

    /// <summary>
    /// Gets what chooses settings of <see cref="Selection"/> by the data, or null to take them as they are.
    /// </summary>
    public ISelectionTuner? Tuner { get; init; }

    /// <summary>Gets what writes <c>report.html</c>, or null for no report.</summary>
    public ISelectionReporter? Reporter { get; init; }

    /// <summary>Gets what is done to each embedding.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>
    /// Gets the template of the text that is embedded, or null for the whole row's text in role order.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>Gets the field that holds the text of rows whose schema is not recognized, or null.</summary>
    public string? TextField { get; init; }

    /// <summary>Gets the name of the schema that every row has, or null to recognize it per file.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// Gets the file that holds what came from standard input, for the path <c>-</c>; or null where that path is not
    /// used.
    /// </summary>
    public string? StandardInput { get; init; }

    /// <summary>Gets what happens on a row that cannot be used.</summary>
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>
    /// Gets the options as they were given, by their names on the command line, for the manifest; what is verified
    /// later is made from them.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Configuration { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    internal string MethodName => Method?.Name ?? SelectionMethods.Default;

    /// <summary>Gets whether the draw is bounded by more than a number of rows.</summary>
    internal bool IsBounded => Budget.Tokens > 0 || Caps.Concat(Floors).Any(limit => !limit.IsTask);

    /// <summary>Gets <see cref="ExcludeDistance"/> with its default resolved.</summary>
    internal double ResolvedExcludeDistance => ExcludeDistance ?? (Normalization == Normalization.L2 ? 0.1 : 0);

    /// <summary>Gets the number of threads. The selection does not depend on it.</summary>
    /// <value>At least 1. The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ThreadCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ThreadCount));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Gets the most memory to use, in bytes, beyond mapped files; or null for no limit.</summary>
    /// <value>Positive, or null. A job whose estimate is above it does not start.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long? MemoryLimit
    {
        get;
        init
        {
            if (value is { } limit)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(MemoryLimit));
            }

            field = value;
        }
    }
}
