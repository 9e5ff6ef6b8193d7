using Tsds.Jobs.Inputs;

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
    private readonly IReadOnlyList<TaskView> _views;
    private readonly int[] _tasks;
    private readonly EmbeddingMatrix _embedding;
    private readonly long _row;

    private RowMeasurement(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        IReadOnlyList<TaskView> views,
        int[] tasks,
        EmbeddingMatrix embedding,
        long row
    )
    {
        (_pool, _targets, _views, _tasks, _embedding, _row) = (pool, targets, views, tasks, embedding, row);
        Nearness = [.. Enumerable.Range(0, targets.Count).Select(target => Distance(targets[target], embedding[0]))];
        Costs = [.. views.Select(task => task.View.CostOf(embedding[0]))];
        Distances =
        [
            .. Nearness.Select(
                (near, target) => Costs[tasks[target]] > 0 ? Math.Sqrt((near * near) + Costs[tasks[target]]) : near
            ),
        ];
    }

    /// <summary>Gets the distance to each target, with what relevance adds.</summary>
    public IReadOnlyList<double> Distances { get; }

    /// <summary>Gets the distance to each target between embeddings alone.</summary>
    public IReadOnlyList<double> Nearness { get; }

    /// <summary>Gets the costs that relevance adds to squared distances from the targets of each task.</summary>
    public IReadOnlyList<double> Costs { get; }

    /// <summary>Measures a row.</summary>
    /// <param name="pool">The candidates, and the row where it is none.</param>
    /// <param name="targets">The targets, normalized as the pool is.</param>
    /// <param name="views">How each task sees the candidates.</param>
    /// <param name="tasks">The task of each target, or null where there is one.</param>
    /// <param name="row">The row.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<RowMeasurement> TakeAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        IReadOnlyList<TaskView> views,
        IReadOnlyList<int>? tasks,
        long row,
        CancellationToken cancellationToken
    )
    {
        PoolView centering = new(views[0].View.Mean, default, 0);
        ICandidatePool seen = centering.Mean.IsEmpty ? pool : pool.WithView(centering);
        EmbeddingMatrix embedding = await seen.ReadEmbeddingsAsync(new[] { row }, cancellationToken)
            .ConfigureAwait(false);
        int[] taskOf = tasks is null ? new int[targets.Count] : [.. tasks];
        return new RowMeasurement(seen, centering.Apply(targets), views, taskOf, embedding, row);
    }

    /// <summary>Returns the relevance of the row to each task that relevance says something of.</summary>
    /// <param name="tasks">The tasks with their names, or null where there is one that nobody named.</param>
    public IReadOnlyList<RowRelevance> RelevanceTo(TargetTasks? tasks) =>
        [
            .. Costs
                .Select(
                    (cost, task) =>
                        _views[task].TargetShareOf(_embedding[0]) is { } share
                            ? new RowRelevance(tasks?.NameOfTask(task), share, cost)
                            : null
                )
                .OfType<RowRelevance>(),
        ];

    /// <summary>Returns the row's rank among a target's neighbors, 1 for the nearest.</summary>
    public async Task<long> RankAsync(int target, CancellationToken cancellationToken)
    {
        PoolView view = _views[_tasks[target]].View;
        ICandidatePool pool = view.Mean.IsEmpty && view.Direction.IsEmpty ? _pool : _pool.WithView(view);
        for (long k = FirstNeighbors; ; k *= 8)
        {
            int fetched = (int)Math.Min(k, Math.Min(_pool.Count, int.MaxValue / 2));
            NeighborTable table = await pool.FindNearestAsync(
                    _targets.Gather([target]),
                    fetched,
                    null,
                    cancellationToken
                )
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
