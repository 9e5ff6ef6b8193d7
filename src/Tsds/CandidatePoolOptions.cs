namespace Tsds;

/// <summary>How a pool treats its embeddings and how many threads it uses.</summary>
public sealed record CandidatePoolOptions
{
    /// <summary>Gets what is done to each embedding.</summary>
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
