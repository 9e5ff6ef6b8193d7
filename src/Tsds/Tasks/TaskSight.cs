namespace Tsds.Tasks;

/// <summary>A pool and its targets as each task sees them: centered, and with the task's costs.</summary>
internal sealed class TaskSight
{
    private TaskSight(
        EmbeddingMatrix targets,
        PoolView[] views,
        ICandidatePool[] pools,
        TaskDiscriminant?[] discriminants
    )
    {
        Targets = targets;
        Views = views;
        Pools = pools;
        Discriminants = discriminants;
    }

    /// <summary>Gets the targets as they are seen.</summary>
    public EmbeddingMatrix Targets { get; }

    /// <summary>Gets how each task sees the pool.</summary>
    public PoolView[] Views { get; }

    /// <summary>Gets the pool as each task sees it. Embeddings and densities are the same for all.</summary>
    public ICandidatePool[] Pools { get; }

    /// <summary>Gets the discriminant of each task; null where there is none.</summary>
    public TaskDiscriminant?[] Discriminants { get; }

    /// <summary>A pool and targets as they are.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="targets">Normalized as the pool is.</param>
    /// <param name="taskCount">Tasks.</param>
    public static TaskSight Plain(ICandidatePool pool, EmbeddingMatrix targets, int taskCount) =>
        new(
            targets,
            [.. Enumerable.Repeat(new PoolView(default, default, 0), taskCount)],
            [.. Enumerable.Repeat(pool, taskCount)],
            new TaskDiscriminant?[taskCount]
        );

    /// <summary>Looks at a sample of a pool.</summary>
    /// <param name="plain">The pool and the targets as they are.</param>
    /// <param name="center">Whether rows are to be centered.</param>
    /// <param name="settings">Of the discriminants; λ = 0 is none.</param>
    /// <param name="targetsOf">The targets of each task, different ones once, given the targets as they are
    /// seen.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask<TaskSight> LookAsync(
        TaskSight plain,
        bool center,
        RelevanceSettings settings,
        Func<EmbeddingMatrix, TargetGroup[]> targetsOf,
        CancellationToken cancellationToken
    )
    {
        ICandidatePool pool = plain.Pools[0];
        PoolSample sample = await PoolSample
            .ReadAsync(pool.Reference, settings.ThreadCount, cancellationToken)
            .ConfigureAwait(false);
        PoolView centering = new(
            center ? Array.ConvertAll(sample.Mean(), value => (float)value) : default(ReadOnlyMemory<float>),
            default,
            0
        );
        PoolSample seen = sample.Through(centering);
        if (center && seen.Rows.Values.Span.IndexOfAnyExcept(0f) < 0)
        {
            // All rows lie on the mean: from there none has a direction.
            (centering, seen) = (new PoolView(default, default, 0), sample);
        }

        EmbeddingMatrix targets = centering.Apply(plain.Targets);
        TaskDiscriminant?[] discriminants = new TaskDiscriminant?[plain.Pools.Length];
        if (settings.Weight > 0)
        {
            PoolMoments moments = new(seen, settings.ThreadCount);
            TargetGroup[] groups = targetsOf(targets);
            for (int task = 0; task < groups.Length; task++)
            {
                discriminants[task] = TaskDiscriminant.Create(moments, groups[task], settings);
            }
        }

        PoolView[] views = Array.ConvertAll(
            discriminants,
            discriminant =>
                discriminant is { View: { } costs }
                    ? new PoolView(centering.Mean, costs.Direction, costs.Offset)
                    : centering
        );
        ICandidatePool[] pools = Array.ConvertAll(
            views,
            view => view.Mean.IsEmpty && !view.HasCosts ? pool : pool.WithView(view)
        );
        return new TaskSight(targets, views, pools, discriminants);
    }
}
