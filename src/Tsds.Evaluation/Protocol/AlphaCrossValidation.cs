using System.Runtime.InteropServices;
using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Chooses α by five-fold cross-validation on the targets: the α whose selection comes nearest to targets that were
/// held out.
/// </summary>
/// <remarks>
/// <para>
/// For each fold the other targets are used for a selection of the whole budget at α = 0.1, 0.2 … 0.9, and W1 from the
/// rows drawn to the fold's targets judges it. W1 is computed in the distance that the selection itself minimizes; it
/// punishes rows far from every unseen target as well as unseen targets without rows near them, where coverage alone
/// would never punish the first and precision never the second. The smallest mean over folds wins, the largest α among
/// equals.
/// </para>
/// <para>
/// Scale and bandwidth keep their meaning: an automatic scale is matched to the budget in every fold, an automatic
/// bandwidth is the one of all targets. Targets with equal embeddings stay on one side. Nothing but the targets given
/// is looked at, so a report on other held-out targets stays honest.
/// </para>
/// </remarks>
public sealed class AlphaCrossValidation : ISelectionTuner
{
    private const int FoldCount = 5;
    private const int LargestSample = 2_000;
    private const double EvenAlpha = 0.5;

    private static readonly double[] Alphas = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

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
        if (selection.EffectiveNeighbors is not null || selection.ExpectedDistinct is not null)
        {
            throw new ArgumentException(
                "Expected alpha to decide, found effective neighbors or expected distinct rows, which take its place."
            );
        }

        EmbeddingMatrix normalized = targets.Normalize(pool.Normalization);
        IReadOnlyList<TargetFold> folds = TargetSplit.CreateFolds(GroupsOf(normalized), FoldCount, selection.Seed);
        CachedPool cached = new(pool);
        SelectionResult all = await DataSelector
            .SelectAsync(cached, targets, selection with { Alpha = EvenAlpha }, progress, cancellationToken)
            .ConfigureAwait(false);

        double[][] distances = new double[folds.Count][];
        InvalidOperationException? refusal = null;
        for (int fold = 0; fold < folds.Count; fold++)
        {
            distances[fold] = new double[Alphas.Length];
            for (int i = 0; i < Alphas.Length; i++)
            {
                SelectionOptions tried = selection with
                {
                    Alpha = Alphas[i],
                    Bandwidth = all.Bandwidth,
                    TargetWeights = WeightsOf(selection, folds[fold].SelectionSplit),
                };
                try
                {
                    SelectionResult result = await DataSelector
                        .SelectAsync(
                            cached,
                            targets.Gather([.. folds[fold].SelectionSplit]),
                            tried,
                            progress,
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                    distances[fold][i] = await MeasureAsync(
                            cached,
                            result,
                            normalized,
                            folds[fold].HeldOut,
                            selection,
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                }
                catch (InvalidOperationException exception)
                {
                    // The plan at this α does not reach the budget.
                    (distances[fold][i], refusal) = (double.NaN, exception);
                }
            }
        }

        TuningPoint[] curve = [.. Alphas.Select((alpha, i) => PointOf(alpha, [.. distances.Select(fold => fold[i])]))];
        TuningPoint best =
            curve
                .Where(point => !double.IsNaN(point.HeldOutDistance))
                .OrderBy(point => point.HeldOutDistance)
                .ThenByDescending(point => point.Alpha)
                .FirstOrDefault()
            ?? throw refusal!;
        return new SelectionTuning(selection with { Alpha = best.Alpha }, curve);
    }

    private static string[] GroupsOf(EmbeddingMatrix targets) =>
        [
            .. Enumerable
                .Range(0, targets.Count)
                .Select(target => Convert.ToHexString(MemoryMarshal.AsBytes(targets[target]))),
        ];

    private static double[]? WeightsOf(SelectionOptions selection, IReadOnlyList<int> targets) =>
        selection.TargetWeights is { } weights ? [.. targets.Select(target => weights[target])] : null;

    private static async Task<double> MeasureAsync(
        CachedPool pool,
        SelectionResult result,
        EmbeddingMatrix targets,
        IReadOnlyList<int> heldOut,
        SelectionOptions selection,
        CancellationToken cancellationToken
    )
    {
        int[] kept = Subsample(result.CandidateIds.Span, selection.Seed);
        EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(
                Array.ConvertAll(kept, i => result.CandidateIds.Span[i]),
                cancellationToken
            )
            .ConfigureAwait(false);
        DistanceMatrix costs = DistanceMatrix.Between(rows, targets.Gather([.. heldOut]), selection.ThreadCount);
        double[] weights = Array.ConvertAll(kept, i => (double)result.Counts.Span[i]);
        double[] ones = [.. Enumerable.Repeat(1.0, heldOut.Count)];
        return OptimalTransport.Solve(costs, weights, WeightsOf(selection, heldOut) ?? ones).Cost;
    }

    /// <summary>
    /// Returns the rows with the smallest hashes, which are the same ones wherever two selections share rows.
    /// </summary>
    private static int[] Subsample(ReadOnlySpan<long> candidateIds, ulong seed)
    {
        CounterRandom random = new(seed, 0);
        ulong[] keys = new ulong[candidateIds.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = random.Bits((ulong)candidateIds[i]);
        }

        return [.. Enumerable.Range(0, keys.Length).OrderBy(i => keys[i]).ThenBy(i => i).Take(LargestSample)];
    }

    private static TuningPoint PointOf(double alpha, double[] distances)
    {
        double mean = distances.Average();
        double variance = distances.Sum(distance => (distance - mean) * (distance - mean)) / (distances.Length - 1);
        return new TuningPoint(alpha, mean, Math.Sqrt(variance / distances.Length));
    }
}
