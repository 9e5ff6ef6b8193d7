namespace Tsds.Orleans.Workers;

/// <summary>The answer of a section's pool.</summary>
internal sealed class ShardAnswer
{
    public NeighborTable? Neighbors { get; init; }

    public double[]? Densities { get; init; }

    public EmbeddingMatrix Embeddings { get; init; }

    public UInt128[]? Keys { get; init; }

    /// <summary>Gets the reason why the section cannot be searched here, or null.</summary>
    public string? Problem { get; init; }
}
