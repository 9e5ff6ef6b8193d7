namespace Tsds.Jobs.Batch;

/// <summary>
/// The candidates of one part as a pool that answers only the request of the part. The file is read on demand.
/// </summary>
internal sealed class RecordedPart(string path, string request, long count, int dimension, Normalization normalization)
    : ICandidatePool
{
    public long Count => count;

    public int Dimension => dimension;

    public Normalization Normalization => normalization;

    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        PartFile part = Read(progress);
        return ValueTask.FromResult(new NeighborTable(targets.Count, part.K, part.CandidateIds, part.Values));
    }

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => throw new InvalidOperationException("A part has no embeddings.");

    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();

        // A part without candidates adds nothing.
        return ValueTask.FromResult(count == 0 ? new double[points.Count] : Read(progress).Values);
    }

    private PartFile Read(IProgress<long>? progress)
    {
        PartFile part =
            PartFile.TryRead(path, request)
            ?? throw new InvalidDataException(
                $"Expected the part {path} as it was checked, found another one; run the same command again."
            );
        progress?.Report(count);
        return part;
    }
}
