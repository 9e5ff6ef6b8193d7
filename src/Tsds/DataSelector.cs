using Tsds.Sampling;
using Tsds.Tasks;
using Tsds.Transport;

namespace Tsds;

/// <summary>
/// Selects the candidates to train on: computes an optimal-transport plan from targets to pool, proves it optimal, and
/// draws from it.
/// </summary>
/// <remarks>
/// Minimizes (α/C) Σ γ_ij d_ij + (1 − α) G(γ) over the plans γ ≥ 0 whose rows sum to μ_i, exactly: neighbors and
/// densities are fetched until the optimum of the whole pool is determined, and a dual bound proves it.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2410.11303">Liu, Karbasi, Rekatsinas 2024, TSDS: Data Selection for
/// Task-Specific Model Finetuning</seealso>
public static class DataSelector
{
    /// <summary>
    /// The number of neighbors of each target from which the automatic bandwidth is estimated; all candidates if there
    /// are fewer.
    /// </summary>
    public const int BandwidthNeighbors = BandwidthEstimator.NeighborCount;

    /// <summary>
    /// Estimates the automatic bandwidth: the distance below which two candidates are near-duplicates.
    /// </summary>
    /// <remarks>
    /// σ = 0.4 · median_i r_i, with r_i the smallest distance from target i to one of its first
    /// <see cref="BandwidthNeighbors"/> neighbors that exceeds a quarter of the distance to the last of them; 0 if
    /// all of them lie on the target. The unit is that of the distances.
    /// </remarks>
    /// <param name="neighbors">Shape [targets, k]: the nearest candidates of each target, at least one target.
    /// Neighbors beyond the first <see cref="BandwidthNeighbors"/> are not looked at.</param>
    /// <returns>σ, finite and not negative.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no target.</exception>
    public static double EstimateBandwidth(NeighborTable neighbors)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors.QueryCount, 1);
        return BandwidthEstimator.Estimate(neighbors);
    }

    /// <summary>Estimates the memory of a selection in addition to its pool, in bytes.</summary>
    /// <param name="options">What to select. Under a memory limit, passes take at most a quarter of it.</param>
    /// <param name="candidateCount">N.</param>
    /// <param name="targetCount">M.</param>
    /// <param name="dimension">d.</param>
    /// <returns>
    /// The bytes of neighbors, candidates and plan, and of the largest pass. The number of neighbors depends on how the
    /// targets lie in the pool; here they are taken to overlap as those of a task commonly do. A selection that needs
    /// more than its limit is refused when that shows.
    /// </returns>
    public static long EstimateMemory(SelectionOptions options, long candidateCount, long targetCount, int dimension)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(candidateCount);
        ArgumentOutOfRangeException.ThrowIfNegative(targetCount);
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        return SelectionMemory.Estimate(options, candidateCount, targetCount, dimension);
    }

    /// <summary>Selects candidates from a pool.</summary>
    /// <param name="pool">The candidates.</param>
    /// <param name="targets">Shape [targets, dimension]: examples of the task. Normalized here as the pool's embeddings
    /// are.</param>
    /// <param name="options">What to select.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the selection; checked once per block of candidates.</param>
    /// <returns>The selection. The same for the same input and seed, on any number of threads or shards.</returns>
    /// <exception cref="ArgumentException">Pool and targets do not fit each other, or the options contradict one
    /// another.</exception>
    /// <exception cref="InvalidDataException">An embedding is not usable; the message names file and row.</exception>
    /// <exception cref="InvalidOperationException">
    /// The budget is above what the plan reaches, or the neighbors do not fit the memory limit; the message says what
    /// would.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<SelectionResult> SelectAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        SelectionOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(options);
        SelectionInputs.ThrowIfNotSelectable(pool, targets, options);
        double[] weights = SelectionInputs.WeightsOf(targets.Count, options.TargetWeights);
        int[] tasks = SelectionInputs.TasksOf(targets.Count, options.TargetTasks);
        TaskSight sight = await LookAsync(pool, targets, weights, tasks, options, cancellationToken)
            .ConfigureAwait(false);
        NeighborReach reach = new(
            new TargetSearch(sight.Targets, sight.Pools, tasks),
            weights,
            options.MemoryLimit,
            progress,
            options.ThreadCount
        );

        double firstGuess =
            options.EffectiveNeighbors
            ?? (options.Scale is null ? Math.Max(1, options.BudgetShare * options.Budget / targets.Count) : 8);
        long[] firstCounts = new long[targets.Count];
        Array.Fill(firstCounts, FirstNeighbors(pool.Count, targets.Count, firstGuess, options));
        await reach.FetchAsync(firstCounts, cancellationToken).ConfigureAwait(false);

        double bandwidth =
            options.Regularizer == Regularizer.Density
                ? options.Bandwidth ?? BandwidthEstimator.Estimate(reach.Rows)
                : 0;
        reach.UseBandwidth(bandwidth);
        if (bandwidth > 0 && options.DensityBase == DensityBase.Neighbors)
        {
            await reach.UseNeighborsAsPopulationAsync(cancellationToken).ConfigureAwait(false);
        }

        firstGuess = await GuessNeighborsAsync(reach, options, firstGuess, cancellationToken).ConfigureAwait(false);
        IPlanFamily family =
            options.Regularizer == Regularizer.TotalVariation
                ? await TotalVariationPlanFamily
                    .CreateAsync(reach, firstCounts[0], cancellationToken)
                    .ConfigureAwait(false)
                : await DensityPlanFamily.CreateAsync(reach, firstGuess, cancellationToken).ConfigureAwait(false);
        PlanStatistics statistics = new(reach, family);

        (double alpha, double scale, double level) = await LevelChoice
            .ChooseAsync(family, statistics, options, cancellationToken)
            .ConfigureAwait(false);
        progress?.Report(new SelectionProgress(SelectionStage.Solving, 0, null));
        Solution solution = Solution.Create(reach, family, level, alpha, scale, options.Budget);
        if (options.Sampling != SamplingMethod.Multinomial && options.Budget > solution.Plan.CandidateIds.Length)
        {
            await LevelChoice
                .ThrowOutOfReachAsync(family, statistics, options, solution, scale, cancellationToken)
                .ConfigureAwait(false);
        }

        bool hasEffectiveNeighbors = options.Regularizer != Regularizer.TotalVariation;
        CopyGroups? copies = options is { CopiesShareDraw: true, Sampling: SamplingMethod.Distinct }
            ? await CopySearch
                .FindAsync(sight.Pools[0], solution.Plan, bandwidth, cancellationToken)
                .ConfigureAwait(false)
            : null;
        (long[] candidateIds, long[] counts) = Draw(solution.Plan, options, copies);
        return new SelectionResult
        {
            CandidateIds = candidateIds,
            Counts = counts,
            Plan = solution.Plan,
            Certificate = solution.Certificate,
            Path = PathBuilder.Build(reach, family, level, scale, options.Budget, hasEffectiveNeighbors),
            Targets = solution.Targets,
            Alpha = alpha,
            Scale = scale,
            Tradeoff = alpha > 0 ? scale * (1 - alpha) / alpha : double.PositiveInfinity,
            Bandwidth = bandwidth,
            EffectiveNeighbors = hasEffectiveNeighbors ? level : null,
            TransportCost = solution.TransportCost,
            ExpectedDistinct = solution.ExpectedDistinct,
            DensitiesEvaluated = reach.Candidates.EvaluatedCount,
            NearDuplicateCount = reach.Candidates.NearDuplicateCount,
            Views = sight.Views,
            Copies = copies,
            Relevance = await RelevanceMeter
                .MeasureAsync(sight, options.Relevance, solution.Plan.CandidateIds, cancellationToken)
                .ConfigureAwait(false),
        };
    }

    /// <summary>Finds how a selection sees its candidates, without selecting.</summary>
    /// <param name="pool">The candidates.</param>
    /// <param name="targets">Shape [targets, dimension]. Normalized here as the pool's embeddings are.</param>
    /// <param name="options">What is selected.</param>
    /// <param name="cancellationToken">Stops the reading of the pool's sample.</param>
    /// <returns>
    /// For each task what <see cref="SelectionResult.Views"/> holds, with what its targets make of it.
    /// </returns>
    /// <exception cref="ArgumentException">Pool and targets do not fit each other, or the options contradict one
    /// another.</exception>
    public static async Task<IReadOnlyList<TaskView>> FindViewsAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        SelectionOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(options);
        SelectionInputs.ThrowIfNotSelectable(pool, targets, options);
        double[] weights = SelectionInputs.WeightsOf(targets.Count, options.TargetWeights);
        int[] tasks = SelectionInputs.TasksOf(targets.Count, options.TargetTasks);
        TaskSight sight = await LookAsync(pool, targets, weights, tasks, options, cancellationToken)
            .ConfigureAwait(false);
        return [.. sight.Views.Select((view, task) => new TaskView(view, sight.Discriminants[task]))];
    }

    /// <summary>
    /// Looks at pool and targets as the options say: as they are, or centered, with the costs of each task.
    /// </summary>
    private static ValueTask<TaskSight> LookAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        double[] weights,
        int[] tasks,
        SelectionOptions options,
        CancellationToken cancellationToken
    )
    {
        TaskSight plain = TaskSight.Plain(pool, targets.Normalize(pool.Normalization), tasks.Max() + 1);
        bool center = options.Center && pool.Normalization == Normalization.L2;
        if (!center && options.Relevance == 0)
        {
            return ValueTask.FromResult(plain);
        }

        RelevanceSettings settings = new(
            options.Relevance,
            options.RelevanceRidge,
            options.RelevanceCaution,
            options.ThreadCount
        );
        return TaskSight.LookAsync(
            plain,
            center,
            settings,
            seen => TargetGroup.CreateAll(seen, weights, tasks),
            cancellationToken
        );
    }

    /// <summary>
    /// Returns the number of neighbors of the first pass: as many as are likely to be needed, or more if more cost next
    /// to nothing.
    /// </summary>
    private static long FirstNeighbors(
        long candidateCount,
        int targetCount,
        double firstGuess,
        SelectionOptions options
    )
    {
        long population = options
            is { Regularizer: Regularizer.Density, DensityBase: DensityBase.Neighbors, Bandwidth: not 0 }
            ? NeighborReach.PopulationNeighborsOf(candidateCount)
            : 0;
        long likely = (long)Math.Min(2 * firstGuess, candidateCount) + 8;
        long cheap = Math.Min(candidateCount / 256, Math.Min(4_096, (1 << 20) / targetCount));
        return Math.Max(Math.Max(BandwidthEstimator.NeighborCount, population), Math.Max(likely, cheap));
    }

    /// <summary>
    /// Predicts the effective neighbors that the options will lead to. Only the number of passes depends on the
    /// prediction.
    /// </summary>
    private static async ValueTask<double> GuessNeighborsAsync(
        NeighborReach reach,
        SelectionOptions options,
        double otherwise,
        CancellationToken cancellationToken
    )
    {
        if (options.Regularizer == Regularizer.TotalVariation || options.EffectiveNeighbors is not null)
        {
            return otherwise;
        }

        if (options.Scale is null && options.Alpha >= 0.5 || options.ExpectedDistinct is not null)
        {
            double rows = options.ExpectedDistinct ?? (options.BudgetShare * options.Budget);
            return await NeighborGuess
                .ForBudgetAsync(reach, options.Budget, rows, cancellationToken)
                .ConfigureAwait(false);
        }

        return options is { Scale: { } scale, Alpha: > 0 }
            ? await NeighborGuess
                .ForTradeoffAsync(reach, scale * (1 - options.Alpha) / options.Alpha, cancellationToken)
                .ConfigureAwait(false)
            : otherwise;
    }

    private static (long[] CandidateIds, long[] Counts) Draw(
        TransportPlan plan,
        SelectionOptions options,
        CopyGroups? copies
    )
    {
        DrawnRows drawn = Sampler.Draw(options.Sampling, plan.Probabilities.Span, options.Budget, options.Seed, copies);
        return (Array.ConvertAll(drawn.Positions, position => plan.CandidateIds.Span[position]), drawn.Counts);
    }
}
