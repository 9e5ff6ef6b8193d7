namespace Tsds.Jobs.Index;

/// <summary>The settings of building an index.</summary>
public sealed record IndexJobOptions
{
    /// <summary>
    /// Gets the pool's embeddings, each as <see cref="VectorSource.Parse"/> reads it or a Parquet column, in the order
    /// in which selections will name them.
    /// </summary>
    public required IReadOnlyList<string> PoolVectors { get; init; }

    /// <summary>Gets the folder of the index.</summary>
    public required string Output { get; init; }

    /// <summary>Gets a value indicating whether an index in the folder is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Gets the normalization of each embedding.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>Gets the number of threads.</summary>
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
