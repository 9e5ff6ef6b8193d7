namespace Tsds.Evaluation.Protocol;

/// <summary>Judges selections by targets that were held out from them.</summary>
/// <remarks>
/// <para>
/// Targets are split into a selection split and held-out targets; a method selects with the selection split of each
/// fold, and <see cref="EvaluateAsync"/> compares what it selected with the held-out targets. Beside each value stands
/// that of random selections (skill 0) and of real targets (skill 1), all of equal size. Intervals come from resamples
/// of the held-out targets that all methods share.
/// </para>
/// <para>Do not choose settings by a scorecard that is then reported: split the selection split again for that. The
/// same input and seed give the same scorecard on any number of threads.</para>
/// </remarks>
internal sealed class Evaluator
{
    private readonly IReadOnlyList<FoldEvaluator> _folds;

    private Evaluator(IReadOnlyList<TargetFold> folds, IReadOnlyList<FoldEvaluator> evaluators)
    {
        Folds = folds;
        _folds = evaluators;
    }

    /// <summary>
    /// Gets the folds. Each needs a selection of its own that uses only its <see cref="TargetFold.SelectionSplit"/>.
    /// </summary>
    public IReadOnlyList<TargetFold> Folds { get; }

    /// <summary>Creates an evaluator of selections from one pool.</summary>
    /// <param name="data">Pool and targets.</param>
    /// <param name="budget">Rows of the random selections; that of the selections to judge.</param>
    /// <param name="options">How to judge; null for the defaults.</param>
    /// <param name="folds">The splits of the targets; null for <see cref="TargetSplit.Create"/> by
    /// <see cref="EvaluationData.TargetGroups"/>.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>
    /// The evaluator. Memory 8·min(budget, 2,000)·targets bytes, and the texts of ten random selections.
    /// </returns>
    /// <exception cref="ArgumentException">The data do not fit together; the message names what does not.</exception>
    /// <exception cref="InvalidOperationException">The targets cannot be split.</exception>
    public static async Task<Evaluator> CreateAsync(
        EvaluationData data,
        long budget,
        EvaluatorOptions? options = null,
        IReadOnlyList<TargetFold>? folds = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        Check(data);
        options ??= new EvaluatorOptions();
        string[] groups =
        [
            .. data.TargetGroups ?? [.. Enumerable.Range(0, data.Targets.Count).Select(target => $"{target}")],
        ];
        folds ??= TargetSplit.Create(groups, options.Seed, data.TargetTasks);
        foreach (TargetFold fold in folds)
        {
            Check(fold, data.Targets.Count);
        }

        EvaluationContext context = await EvaluationContext
            .CreateAsync(data, budget, options, cancellationToken)
            .ConfigureAwait(false);
        return new Evaluator(folds, [.. folds.Select(fold => new FoldEvaluator(context, fold, groups))]);
    }

    /// <summary>Evaluates a method and returns its scorecard.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="selections">What it selected for each of <see cref="Folds"/>, in their order.</param>
    /// <param name="cancellationToken">Stops the judgment.</param>
    /// <returns>The scorecard, averaged over the folds.</returns>
    /// <exception cref="ArgumentException">There is not one selection for each fold.</exception>
    public async Task<Scorecard> EvaluateAsync(
        string method,
        IReadOnlyList<SelectedRows> selections,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(selections);
        if (selections.Count != _folds.Count)
        {
            throw new ArgumentException(
                $"Expected one selection for each of {_folds.Count} folds, found {selections.Count}.",
                nameof(selections)
            );
        }

        List<Scorecard> cards = [];
        for (int fold = 0; fold < _folds.Count; fold++)
        {
            cards.Add(
                await _folds[fold].EvaluateAsync(method, selections[fold], cancellationToken).ConfigureAwait(false)
            );
        }

        return Scorecard.Average(cards);
    }

    private static void Check(EvaluationData data)
    {
        if (data.Targets.Dimension != data.Pool.Dimension)
        {
            throw new ArgumentException(
                $"Expected targets of the pool's dimension {data.Pool.Dimension}, found {data.Targets.Dimension}.",
                nameof(data)
            );
        }

        if ((data.PoolTexts is null) != (data.TargetTexts is null))
        {
            throw new ArgumentException(
                "Expected texts of both pool and targets, or of neither, found those of one.",
                nameof(data)
            );
        }

        CheckCount("texts", data.PoolTexts?.Count, data.Pool.Count, "candidates");
        CheckCount("sources", data.PoolSources?.Count, data.Pool.Count, "candidates");
        CheckCount("tokens", data.PoolTokens?.Count, data.Pool.Count, "candidates");
        CheckCount("tokens", data.PoolSupervisedTokens?.Count, data.Pool.Count, "candidates");
        CheckCount("texts", data.TargetTexts?.Count, data.Targets.Count, "targets");
        CheckCount("groups", data.TargetGroups?.Count, data.Targets.Count, "targets");
        CheckCount("tasks", data.TargetTasks?.Count, data.Targets.Count, "targets");
        CheckCount("weights", data.TargetWeights?.Count, data.Targets.Count, "targets");
        CheckCount("sources", data.TargetSources?.Count, data.Targets.Count, "targets");
    }

    private static void CheckCount(string what, int? found, long expected, string of)
    {
        if (found is { } count && count != expected)
        {
            throw new ArgumentException($"Expected {what} of all {expected} {of}, found {count}.");
        }
    }

    private static void Check(TargetFold fold, int targetCount)
    {
        bool isInRange = fold
            .SelectionSplit.Concat(fold.HeldOut)
            .Concat(fold.Oracle)
            .All(target => target >= 0 && target < targetCount);
        if (!isInRange || fold.HeldOut.Count == 0 || fold.Oracle.Count == 0)
        {
            throw new ArgumentException(
                $"Expected folds of targets from 0 to {targetCount - 1}, some of them held out, found another one.",
                nameof(fold)
            );
        }

        HashSet<int> heldOut = [.. fold.HeldOut];
        if (fold.SelectionSplit.Concat(fold.Oracle).Any(heldOut.Contains))
        {
            throw new ArgumentException(
                "Expected held-out targets that are neither in the selection split nor in the oracle, "
                    + "found one that is.",
                nameof(fold)
            );
        }
    }
}
