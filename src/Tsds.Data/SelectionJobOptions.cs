namespace Tsds.Data;

/// <summary>The whole job as a user states it: files in, options, folder out.</summary>
public sealed record SelectionJobOptions
{
    /// <summary>Gets the pool's row files, folders or globs; may be empty when vectors are given.</summary>
    public IReadOnlyList<string> Pool { get; init; } = [];

    /// <summary>Gets the targets' row files; may be empty when vectors are given.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Gets the pool's ready-made embeddings, row i of all sources together belonging to candidate i.</summary>
    /// <remarks>Each as <see cref="VectorSource.Parse"/> reads it; .parquet files too, whose columns are copied while the job runs; or one folder, a vector store of
    /// <see cref="EmbedJob"/>, whose embedder embeds the targets.</remarks>
    public IReadOnlyList<string> PoolVectors { get; init; } = [];

    /// <summary>Gets the targets' ready-made embeddings, combined as the pool's are.</summary>
    public IReadOnlyList<string> TargetVectors { get; init; } = [];

    /// <summary>Gets the embedder, or null for that of the vector store, else the lexical one.</summary>
    public EmbedderOptions? Embedder { get; init; }

    /// <summary>Gets where vectors of rows are kept from run to run, or null to keep none.</summary>
    public VectorCacheOptions? Cache { get; init; } = new();

    /// <summary>Gets the folder of an index of <see cref="PoolVectors"/>, or null. One that does not match is ignored, and the summary says so.</summary>
    public string? Index { get; init; }

    /// <summary>Gets how much to select.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Gets the output folder.</summary>
    public required string Output { get; init; }

    /// <summary>Gets whether a non-empty output folder is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Gets what to select; its <see cref="SelectionOptions.Budget"/> is replaced by <see cref="Budget"/> once the pool's size is known.</summary>
    public SelectionOptions Selection { get; init; } = new() { Budget = 1 };

    /// <summary>Gets what chooses settings of <see cref="Selection"/> by the data, or null to take them as they are.</summary>
    public ISelectionTuner? Tuner { get; init; }

    /// <summary>Gets what is done to each embedding.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>Gets the template of the text that is embedded, or null for the whole row's text in role order.</summary>
    public string? Template { get; init; }

    /// <summary>Gets the field that holds the text of rows whose schema is not recognized, or null.</summary>
    public string? TextField { get; init; }

    /// <summary>Gets the name of the schema that every row has, or null to recognize it per file.</summary>
    public string? Schema { get; init; }

    /// <summary>Gets the file that holds what came from standard input, for the path <c>-</c>; or null where that path is not used.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Gets what happens on a row that cannot be used.</summary>
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>Gets the options as they were given, by their names on the command line, for the manifest; what is verified later is made from them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Configuration { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

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
