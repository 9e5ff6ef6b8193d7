using Tsds.Data.Embedding;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Embed;

/// <summary>The settings of embedding a pool into a vector store.</summary>
internal sealed record EmbedJobOptions
{
    /// <summary>Gets the pool's row files, folders or globs.</summary>
    public required IReadOnlyList<string> Pool { get; init; }

    /// <summary>
    /// Gets the folder of the vector store: new, empty, or a store of the same embedder and template, which is brought
    /// up to date.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>Gets a value indicating whether an existing store in the folder is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Gets the embedder.</summary>
    public EmbedderOptions Embedder { get; init; } = new();

    /// <summary>Gets the precision of the stored vectors.</summary>
    public VectorPrecision Store { get; init; }

    /// <summary>
    /// Gets the template of the text that is embedded, or null for the whole row's text in role order.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>Gets the field that holds the text of rows whose schema is not recognized, or null.</summary>
    public string? TextField { get; init; }

    /// <summary>Gets the name of the schema that every row has, or null to recognize it per file.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// Gets the file that holds what came from standard input, for the path <c>-</c>; or null if that path is not
    /// used.
    /// </summary>
    public string? StandardInput { get; init; }

    /// <summary>Gets the handling of rows that cannot be used.</summary>
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>Gets the meaning of a quotation mark in files of cells, .csv and .tsv.</summary>
    public CellQuotes CsvQuote { get; init; }

    /// <summary>
    /// Gets the memory limit in bytes, or null for no limit. A job whose estimate is above it does not start.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets the number of threads. The vectors do not depend on it.</summary>
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
}
