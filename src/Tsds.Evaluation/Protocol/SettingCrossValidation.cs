using System.Runtime.InteropServices;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Chooses λ, α, or both by five-fold cross-validation on the targets: the setting whose selection comes nearest to
/// targets that were held out.
/// </summary>
/// <remarks>
/// <para>
/// For each fold the other targets are used for a selection of the whole budget under each setting, λ = 0, 0.2, 0.4,
/// 0.8 or α = 0.1, 0.2 … 0.9, and W1 from the rows drawn to the fold's targets judges it. W1 is computed between
/// embeddings as the selection sees them, without what relevance adds to distances, which would judge every λ by
/// itself; it punishes rows far from every unseen target as well as unseen targets without rows near them, where
/// coverage alone would never punish the first and precision never the second. The smallest mean over folds wins, the
/// largest λ or α among equals. Where both are chosen, λ comes first, at α = 0.5.
/// </para>
/// <para>
/// Scale and bandwidth keep their meaning: an automatic scale is matched to the budget in every fold, an automatic
/// bandwidth is the one of all targets. Targets with equal embeddings stay on one side. Nothing but the targets given
/// is looked at, so a report on other held-out targets stays honest.
/// </para>
/// </remarks>
internal sealed class SettingCrossValidation : ISelectionTuner
{
    private const int FoldCount = 5;
    private const double EvenAlpha = 0.5;

    private static readonly double[] Relevances = [0, 0.2, 0.4, 0.8];
    private static readonly double[] Alphas = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>Gets whether λ is chosen.</summary>
    public bool TunesRelevance { get; init; }

    /// <summary>Gets whether α is chosen.</summary>
    public bool TunesAlpha { get; init; }

    /// <inheritdoc/>
    public async Task<SelectionTuning> TuneAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        SelectionOptions selection,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(selection);
        if (TunesAlpha && (selection.EffectiveNeighbors is not null || selection.ExpectedDistinct is not null))
        {
            throw new ArgumentException(
                "Expected alpha to decide, found effective neighbors or expected distinct rows, which take its place."
            );
        }

        EmbeddingMatrix normalized = targets.Normalize(pool.Normalization);
        FoldTrial trial = new(
            new CachedPool(pool),
            normalized,
            TargetSplit.CreateFolds(GroupsOf(normalized), FoldCount, selection.Seed),
            progress
        );
        SelectionTuning tuning = new(selection, []);
        if (TunesRelevance)
        {
            SelectionOptions even = TunesAlpha ? selection with { Alpha = EvenAlpha } : selection;
            tuning = await ChooseAsync(
                    trial,
                    tuning,
                    [.. Relevances.Select(relevance => even with { Relevance = relevance })],
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        if (TunesAlpha)
        {
            SelectionOptions chosen = tuning.Selection;
            tuning = await ChooseAsync(
                    trial,
                    tuning,
                    [.. Alphas.Select(alpha => chosen with { Alpha = alpha })],
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        return tuning;
    }

    /// <summary>Tries settings and chooses the best; of equal ones the last.</summary>
    private static async Task<SelectionTuning> ChooseAsync(
        FoldTrial trial,
        SelectionTuning before,
        SelectionOptions[] settings,
        CancellationToken cancellationToken
    )
    {
        // An automatic bandwidth is that of all targets, by the settings in the middle.
        SelectionResult all = await DataSelector
            .SelectAsync(
                trial.Pool,
                trial.Targets,
                settings[0] with
                {
                    Alpha = EvenAlpha,
                    Relevance = before.Selection.Relevance,
                },
                trial.Progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        List<TuningPoint> curve = [];
        int best = -1;
        InvalidOperationException? refusal = null;
        for (int i = 0; i < settings.Length; i++)
        {
            TuningPoint? known = before.Curve.FirstOrDefault(point =>
                point.Alpha == settings[i].Alpha && point.Relevance == settings[i].Relevance
            );
            double[] distances = new double[known is null ? trial.Folds.Count : 0];
            for (int fold = 0; fold < distances.Length; fold++)
            {
                try
                {
                    distances[fold] = await trial
                        .MeasureAsync(fold, settings[i] with { Bandwidth = all.Bandwidth }, cancellationToken)
                        .ConfigureAwait(false);
                }
                catch (InvalidOperationException exception)
                {
                    // The plan under these settings does not reach the budget.
                    (distances[fold], refusal) = (double.NaN, exception);
                }
            }

            curve.Add(known ?? PointOf(settings[i], distances));
            if (
                !double.IsNaN(curve[i].HeldOutDistance)
                && (best < 0 || curve[i].HeldOutDistance <= curve[best].HeldOutDistance)
            )
            {
                best = i;
            }
        }

        // Each point once, though the second setting passes by one that the first has tried.
        return best >= 0
            ? new SelectionTuning(settings[best], [.. before.Curve, .. curve.Except(before.Curve)])
            : throw refusal!;
    }

    private static string[] GroupsOf(EmbeddingMatrix targets) =>
        [
            .. Enumerable
                .Range(0, targets.Count)
                .Select(target => Convert.ToHexString(MemoryMarshal.AsBytes(targets[target]))),
        ];

    private static TuningPoint PointOf(SelectionOptions setting, double[] distances)
    {
        double mean = distances.Average();
        double variance = distances.Sum(distance => (distance - mean) * (distance - mean)) / (distances.Length - 1);
        return new TuningPoint(setting.Relevance, setting.Alpha, mean, Math.Sqrt(variance / distances.Length));
    }
}
