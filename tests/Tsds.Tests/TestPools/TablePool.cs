namespace Tsds.Tests.TestPools;

/// <summary>
/// A pool that knows only distances and densities: what the solver sees, without vectors. Target i is the vector [i].
/// </summary>
internal sealed class TablePool(double[][] distances, double[] densities) : ICandidatePool
{
    public long Count => densities.Length;

    public int Dimension => 1;

    public Normalization Normalization => Normalization.None;

    /// <summary>Gets the number of densities that were requested.</summary>
    public int DensitiesAsked { get; private set; }

    public EmbeddingMatrix Targets => new(Enumerable.Range(0, distances.Length).Select(i => (float)i).ToArray(), 1);

    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        List<long> ids = [];
        List<double> squares = [];
        for (int q = 0; q < targets.Count; q++)
        {
            double[] row = distances[(int)targets[q][0]];
            int[] order = [.. Enumerable.Range(0, row.Length).OrderBy(j => row[j]).ThenBy(j => j).Take(k)];
            ids.AddRange(order.Select(j => (long)j));
            squares.AddRange(order.Select(j => row[j] * row[j]));
        }

        return ValueTask.FromResult(new NeighborTable(targets.Count, k, [.. ids], [.. squares]));
    }

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(new EmbeddingMatrix(candidateIds.ToArray().Select(id => (float)id).ToArray(), 1));

    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        DensitiesAsked += points.Count;
        return ValueTask.FromResult(points.Values.ToArray().Select(id => densities[(int)id]).ToArray());
    }
}
