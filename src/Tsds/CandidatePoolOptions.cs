namespace Tsds;

/// <summary>The settings of a pool: how its embeddings are normalized and how many threads it uses.</summary>
public sealed record CandidatePoolOptions
{
    /// <summary>Gets the normalization of each embedding.</summary>
    /// <value>The default is <see cref="Normalization.L2"/>.</value>
    public Normalization Normalization { get; init; }

    /// <summary>Gets the number of threads of a pass. Results do not depend on it.</summary>
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
