using System.Diagnostics;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Metrics;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>
/// Runs the methods of a comparison on one pool and one split of the targets, so that all select from the same inputs
/// and are scored alike.
/// </summary>
internal sealed class MethodRunner : IDisposable
{
    private readonly CompareJobOptions _options;
    private readonly CachedPool _pool;
    private readonly EvaluationData _data;
    private readonly PoolRowFile? _rows;
    private readonly PoolFindings _findings = new();
    private Evaluator? _evaluator;

    private MethodRunner(CompareJobOptions options, CachedPool pool, EvaluationData data, PoolRowFile? rows)
    {
        (_options, _pool, _data, _rows) = (options, pool, data, rows);
    }

    /// <summary>Gets the rows that each method chooses.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the rows that are no candidates of optimal transport; the baselines see copies too.</summary>
    public required ReadOnlyMemory<long> HiddenFromTransport { get; init; }

    /// <summary>Gets the bandwidth within which two rows count as copies.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the split of the targets.</summary>
    public required IReadOnlyList<TargetFold> Folds { get; init; }

    /// <summary>
    /// Gets the hash of all that decides what methods select and score: contents, never paths or times.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Gets the groups of the targets.</summary>
    public IReadOnlyList<string> TargetGroups => _data.TargetGroups!;

    /// <summary>Creates the runner of a comparison: embeds and splits its inputs.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="context">Its job, in whose folder the pool's rows are kept while it runs.</param>
    /// <param name="inputs">Pool and targets.</param>
    /// <param name="test">The rows that should not be chosen, or null.</param>
    public static async Task<MethodRunner> CreateAsync(
        CompareJobOptions options,
        JobContext context,
        JobInputs inputs,
        GivenRows? test
    )
    {
        SelectionSpec spec = context.Spec;
        EmbeddingMatrix targets = inputs.Targets.Embeddings;
        TargetDetails details = TargetDetails.Read(
            inputs.Targets.Reader,
            targets,
            options.GroupField,
            context.Cancellation
        );
        int[]? tasks = TasksOf(inputs.Targets);
        IReadOnlyList<TargetFold> folds = TargetSplit.Create(details.Groups, spec.Seed, tasks);
        PoolRowFile? rows = inputs.Pool.Rows is { } reader
            ? PoolRowFile.Create(
                reader,
                context.Scratch.ScratchPathOf("rows"),
                context.ReadingProgress(context.Files.PoolFiles),
                context.Cancellation
            )
            : null;
        try
        {
            CachedPool pool = new(inputs.Pool.Pool);
            bool hasTexts = rows is not null && details.Texts is not null;
            EvaluationData data = new()
            {
                Pool = pool,
                HiddenIds = inputs.HiddenFromMethods,
                Targets = targets,
                PoolTexts = hasTexts ? rows : null,
                TargetTexts = hasTexts ? details.Texts : null,
                TargetGroups = details.Groups,
                TargetTasks = tasks,
                TargetWeights = inputs.Targets.Tasks?.Weights,
                PoolSources = rows?.Sources,
                PoolTokens = rows?.Tokens,
                PoolSupervisedTokens = rows?.SupervisedTokens,
                TargetSources = details.Sources,
                Test = test?.Embeddings,
                TestTexts = hasTexts ? test?.Rows?.Select(row => row.Text).ToArray() : null,
            };
            double bandwidth =
                spec.Bandwidth ?? await MeasureBandwidthAsync(pool, targets, context).ConfigureAwait(false);
            long budget = spec.Budget.ResolveRows(inputs.Exclusion.Candidates.Count);
            return new MethodRunner(options, pool, data, rows)
            {
                HiddenFromTransport = inputs.HiddenIds,
                Budget = budget,
                Bandwidth = bandwidth,
                Folds = folds,
                Key = ComparisonKey.Of(options, inputs, test, data, rows, budget),
            };
        }
        catch
        {
            rows?.Dispose();
            throw;
        }
    }

    /// <summary>Runs a method on the selection split of each fold, and scores what it selected.</summary>
    /// <param name="name">The method.</param>
    /// <param name="finished">Keeps it.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<FinishedMethod> RunAsync(
        string name,
        FinishedMethods finished,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        List<SelectedRows> selections = [];
        List<SelectionResult> plans = [];
        List<double> overlaps = [];
        TimeSpan elapsed = TimeSpan.Zero;
        foreach (TargetFold fold in Folds)
        {
            MethodInputs inputs = InputsOf(fold);
            if (name is SelectionMethods.Default or SelectionMethods.Uniform)
            {
                inputs = inputs with { HiddenIds = HiddenFromTransport };
            }

            long start = Stopwatch.GetTimestamp();
            ISelectionMethod method = SelectionMethods.Find(
                name,
                await SettingsOfAsync(name, inputs, progress, cancellationToken).ConfigureAwait(false)
            );
            if (selections.Count > 0 && !method.LooksAtTargets)
            {
                selections.Add(selections[0]);
                continue;
            }

            MethodResult result = await method.SelectAsync(inputs, progress, cancellationToken).ConfigureAwait(false);
            elapsed += Stopwatch.GetElapsedTime(start);
            selections.Add(
                result.Transport is { } plan
                    ? new SelectedRows(plan.CandidateIds, plan.Counts)
                    : new SelectedRows(Ascending(result))
            );
            plans.AddRange(result.Transport is null ? [] : [result.Transport]);
            overlaps.Add(await MeasureOverlapAsync(method, inputs, result, cancellationToken).ConfigureAwait(false));
        }

        progress?.Report(new SelectionProgress(SelectionStage.Judging, 0, Folds.Count));
        _evaluator ??= await Evaluator
            .CreateAsync(_data, Budget, EvaluatorOptionsOf(), Folds, cancellationToken)
            .ConfigureAwait(false);
        Scorecard card = await _evaluator.EvaluateAsync(name, selections, cancellationToken).ConfigureAwait(false);
        MetricValue[] stability = _options.SeedCount > 1 ? [SolverMetrics.Value("stability", overlaps.Average())] : [];
        card = card with { Metrics = [.. card.Metrics, .. stability, .. SolverMetrics.Of(plans)] };
        return finished.Write(card, selections, elapsed.TotalSeconds);
    }

    public void Dispose() => _rows?.Dispose();

    /// <summary>
    /// Computes the automatic bandwidth from all targets, so that copies are the same for every method and fold.
    /// </summary>
    private static async Task<double> MeasureBandwidthAsync(
        CachedPool pool,
        EmbeddingMatrix targets,
        JobContext context
    )
    {
        int k = (int)Math.Min(pool.Count, DataSelector.BandwidthNeighbors);
        IProgress<long>? scanned = SelectionProgress.OfStage(context.Progress, SelectionStage.Neighbors, pool.Count);
        return DataSelector.EstimateBandwidth(
            await pool.FindNearestAsync(targets, k, scanned, context.Cancellation).ConfigureAwait(false)
        );
    }

    private static int[]? TasksOf(TargetInputs targets)
    {
        if (targets.Tasks is not { } tasks)
        {
            return null;
        }

        string[] names = [.. Enumerable.Range(0, targets.Count).Select(tasks.NameOf)];
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal)];
        return Array.ConvertAll(names, name => Array.IndexOf(distinct, name));
    }

    private static long[] Ascending(MethodResult result) => [.. result.CandidateIds.ToArray().Order()];

    private MethodInputs InputsOf(TargetFold fold)
    {
        MethodInputs inputs = new()
        {
            Pool = _pool,
            Findings = _findings,
            HiddenIds = _data.HiddenIds,
            Targets = _data.Targets.Gather([.. fold.SelectionSplit]),
            TargetTexts = _data.TargetTexts is { } texts
                ? [.. fold.SelectionSplit.Select(target => texts[target])]
                : null,
            TargetTasks = _data.TargetTasks is { } tasks
                ? TaskNumbers.CloseUp([.. fold.SelectionSplit.Select(target => tasks[target])])
                : null,
            TargetWeights = _data.TargetWeights is { } weights
                ? [.. fold.SelectionSplit.Select(target => weights[target])]
                : null,
            Budget = Budget,
            Seed = _options.Job.Spec.Seed,
            ThreadCount = _options.Job.ThreadCount,
        };
        return _rows is { } rows ? inputs with { Rows = rows.Read(inputs.EnumerateIds()) } : inputs;
    }

    /// <summary>
    /// Returns the user's settings, with those that are automatic tuned on the selection split alone.
    /// </summary>
    private async Task<SelectionOptions> SettingsOfAsync(
        string name,
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        SelectionOptions selection = _options.Job.Spec.Settings with
        {
            Budget = Budget,
            TargetWeights = inputs.TargetWeights,
            TargetTasks = inputs.TargetTasks,
            ThreadCount = inputs.ThreadCount,
            MemoryLimit = _options.Job.SelectionMemory,
        };
        return name == SelectionMethods.Default && _options.Job.Spec.Tuner is { } tuner
            ? (
                await tuner
                    .TuneAsync(inputs.Candidates, inputs.Targets, selection, progress, cancellationToken)
                    .ConfigureAwait(false)
            ).Selection
            : selection;
    }

    /// <summary>Returns the overlap of the selections of several seeds; NaN for a single seed.</summary>
    private async Task<double> MeasureOverlapAsync(
        ISelectionMethod method,
        MethodInputs inputs,
        MethodResult first,
        CancellationToken cancellationToken
    )
    {
        List<ReadOnlyMemory<long>> selections = [Ascending(first)];
        for (int seed = 1; seed < _options.SeedCount; seed++)
        {
            MethodResult result = await method
                .SelectAsync(inputs with { Seed = inputs.Seed + (ulong)seed }, null, cancellationToken)
                .ConfigureAwait(false);
            selections.Add(Ascending(result));
        }

        return SelectionOverlap.MeanJaccard(selections);
    }

    private EvaluatorOptions EvaluatorOptionsOf() =>
        new()
        {
            Seed = _options.Job.Spec.Seed,
            Bandwidth = Bandwidth,
            IsDetailed = _options.IsDetailed,
            ThreadCount = _options.Job.ThreadCount,
        };
}
