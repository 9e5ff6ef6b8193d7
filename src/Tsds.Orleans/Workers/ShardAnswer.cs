namespace Tsds.Orleans.Workers;

/// <summary>What a section's pool answered.</summary>
internal sealed class ShardAnswer
{
    public NeighborTable? Neighbors { get; init; }

    public double[]? Densities { get; init; }

    public EmbeddingMatrix Embeddings { get; init; }

    /// <summary>Gets why the section cannot be searched here, or null.</summary>
    public string? Problem { get; init; }
}
