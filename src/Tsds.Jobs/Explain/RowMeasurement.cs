namespace Tsds.Jobs.Explain;

/// <summary>
/// The position of one row of a pool: its distances to the targets, its ranks among their neighbors, its own
/// neighborhood.
/// </summary>
internal sealed class RowMeasurement
{
    private const int FirstNeighbors = 256;
    private const int MostCopies = 16;

    private readonly ICandidatePool _pool;
    private readonly EmbeddingMatrix _targets;
    private readonly EmbeddingMatrix _embedding;
    private readonly long _row;

    private RowMeasurement(ICandidatePool pool, EmbeddingMatrix targets, EmbeddingMatrix embedding, long row)
    {
        _pool = pool;
        _targets = targets;
        _embedding = embedding;
        _row = row;
        Distances = [.. Enumerable.Range(0, targets.Count).Select(target => Distance(targets[target], embedding[0]))];
    }

    /// <summary>Gets the distance to each target.</summary>
    public IReadOnlyList<double> Distances { get; }

    public static async Task<RowMeasurement> TakeAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        long row,
        CancellationToken cancellationToken
    )
    {
        EmbeddingMatrix embedding = await pool.ReadEmbeddingsAsync(new[] { row }, cancellationToken)
            .ConfigureAwait(false);
        return new RowMeasurement(pool, targets, embedding, row);
    }

    /// <summary>Returns the row's rank among a target's neighbors, 1 for the nearest.</summary>
    public async Task<long> RankAsync(int target, CancellationToken cancellationToken)
    {
        for (long k = FirstNeighbors; ; k *= 8)
        {
            int fetched = (int)Math.Min(k, Math.Min(_pool.Count, int.MaxValue / 2));
            NeighborTable table = await _pool
                .FindNearestAsync(_targets.Gather([target]), fetched, null, cancellationToken)
                .ConfigureAwait(false);
            int position = table.CandidateIds(0).IndexOf(_row);
            if (position >= 0 || fetched < k)
            {
                return position + 1;
            }
        }
    }

    /// <summary>Returns the nearest other rows within a distance, at most 16.</summary>
    public async Task<IReadOnlyList<(long Row, double Distance)>> NearestAsync(
        double within,
        CancellationToken cancellationToken
    )
    {
        int k = (int)Math.Min(MostCopies + 1, _pool.Count);
        NeighborTable table = await _pool
            .FindNearestAsync(_embedding, k, null, cancellationToken)
            .ConfigureAwait(false);
        List<(long, double)> nearest = [];
        for (int i = 0; i < k; i++)
        {
            double distance = Math.Sqrt(table.DistancesSquared(0)[i]);
            if (table.CandidateIds(0)[i] != _row && distance < within)
            {
                nearest.Add((table.CandidateIds(0)[i], distance));
            }
        }

        return nearest;
    }

    public async Task<double> DensityAsync(double bandwidth, CancellationToken cancellationToken) =>
        (
            await _pool
                .EstimateDensitiesAsync(_embedding, bandwidth, null, null, cancellationToken)
                .ConfigureAwait(false)
        )[0];

    private static double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = (double)x[i] - y[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
