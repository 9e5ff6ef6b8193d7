namespace Tsds.Jobs.Batch;

/// <summary>
/// A pool that batch jobs search: calls are written to a work folder as requests, and answered from the parts found
/// there.
/// </summary>
/// <remarks>
/// A selection makes the same calls in the same order whenever it is run, so a run that is continued repeats those that
/// are answered.
/// </remarks>
internal sealed class PartsPool(CandidatePool embeddings, IReadOnlyList<PoolFile> files, WorkFolder work)
    : ICandidatePool
{
    private int _round;

    public long Count => embeddings.Count;

    public int Dimension => embeddings.Dimension;

    public Normalization Normalization => embeddings.Normalization;

    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        Answer(new PoolRequest(SelectionStage.Neighbors, Normalization, files, targets, k, 0, null))
            .FindNearestAsync(targets, k, progress, cancellationToken);

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => embeddings.ReadEmbeddingsAsync(candidateIds, cancellationToken);

    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        Answer(new PoolRequest(SelectionStage.Densities, Normalization, files, points, 0, bandwidth, population))
            .EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken);

    /// <summary>Opens the parts of a request as one pool, or throws if some are missing.</summary>
    /// <exception cref="PartsNeededException">Some are missing or damaged.</exception>
    private ShardedPool Answer(PoolRequest request)
    {
        int round = ++_round;
        string seal = work.Ask(round, request);
        int count = work.CountParts(round, request.Stage);
        RecordedPart[] parts = new RecordedPart[count];
        List<int> missing = [];
        List<string> damaged = [];
        for (int index = 0; index < count; index++)
        {
            string path = work.PartOf(round, request.Stage, index, count);
            PartFile? part = File.Exists(path) ? PartFile.TryRead(path, seal) : null;
            if (part is not null)
            {
                parts[index] = new RecordedPart(path, seal, part.Rows, Dimension, Normalization);
                continue;
            }

            missing.Add(index);
            if (File.Exists(path))
            {
                damaged.Add(path);
            }
        }

        return count > 0 && missing.Count == 0
            ? new ShardedPool(parts)
            : throw new PartsNeededException(round, request.Stage, work.Path, count, missing, damaged);
    }
}
