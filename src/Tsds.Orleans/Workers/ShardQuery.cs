namespace Tsds.Orleans.Workers;

/// <summary>A call of a section's pool.</summary>
internal sealed class ShardQuery
{
    /// <summary>Gets the section, which may be joined of several.</summary>
    public required Section Section { get; init; }

    public Normalization Normalization { get; init; }

    /// <summary>Gets how the pool is seen, or null for as it is.</summary>
    public PoolView? View { get; init; }

    public EmbeddingMatrix Points { get; init; }

    /// <summary>Gets the neighbors wanted of each target, or 0.</summary>
    public int K { get; init; }

    /// <summary>Gets the squared distances beyond which no neighbor is wanted.</summary>
    public double[]? Farthest { get; init; }

    /// <summary>Gets σ, or 0.</summary>
    public double Bandwidth { get; init; }

    /// <summary>Gets the section's own ids to sum over, or null for all.</summary>
    public ReadOnlyMemory<long>? Population { get; init; }

    /// <summary>Gets the section's own ids of the embeddings to read, or null.</summary>
    public ReadOnlyMemory<long>? Rows { get; init; }

    /// <summary>Gets how many rows to read keys of, from the first of <see cref="Rows"/> on; 0 for their
    /// embeddings.</summary>
    public int KeyCount { get; init; }

    public IProgress<long>? Progress { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
