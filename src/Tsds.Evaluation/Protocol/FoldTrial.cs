using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>Tries settings of a selection on folds of its targets.</summary>
/// <param name="pool">The candidates.</param>
/// <param name="targets">Normalized as the pool is.</param>
/// <param name="folds">Which targets guide a selection, and which judge it.</param>
/// <param name="progress">Receives progress; may be null.</param>
internal sealed class FoldTrial(
    CachedPool pool,
    EmbeddingMatrix targets,
    IReadOnlyList<TargetFold> folds,
    IProgress<SelectionProgress>? progress
)
{
    private const int LargestSample = 2_000;

    public CachedPool Pool => pool;

    public EmbeddingMatrix Targets => targets;

    public IReadOnlyList<TargetFold> Folds => folds;

    public IProgress<SelectionProgress>? Progress => progress;

    /// <summary>Selects by the targets of a fold, and measures the distance to those that it holds out.</summary>
    /// <returns>W1 between the embeddings as the selection sees them, without what relevance adds.</returns>
    /// <exception cref="InvalidOperationException">The plan does not reach the budget.</exception>
    public async Task<double> MeasureAsync(int fold, SelectionOptions setting, CancellationToken cancellationToken)
    {
        TargetFold split = folds[fold];
        SelectionResult result = await DataSelector
            .SelectAsync(
                pool,
                targets.Gather([.. split.SelectionSplit]),
                setting with
                {
                    TargetWeights = WeightsOf(setting, split.SelectionSplit),
                    TargetTasks = setting.TargetTasks is { } tasks
                        ? TaskNumbers.CloseUp([.. split.SelectionSplit.Select(target => tasks[target])])
                        : null,
                },
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        PoolView centering = new(result.Views[0].Mean, default, 0);
        int[] kept = Subsample(result.CandidateIds.Span, setting.Seed);
        EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(
                Array.ConvertAll(kept, i => result.CandidateIds.Span[i]),
                cancellationToken
            )
            .ConfigureAwait(false);
        DistanceMatrix costs = DistanceMatrix.Between(
            centering.Apply(rows),
            centering.Apply(targets.Gather([.. split.HeldOut])),
            setting.ThreadCount
        );
        double[] weights = Array.ConvertAll(kept, i => (double)result.Counts.Span[i]);
        double[] ones = [.. Enumerable.Repeat(1.0, split.HeldOut.Count)];
        return OptimalTransport.Solve(costs, weights, WeightsOf(setting, split.HeldOut) ?? ones).Cost;
    }

    private static double[]? WeightsOf(SelectionOptions selection, IReadOnlyList<int> targets) =>
        selection.TargetWeights is { } weights ? [.. targets.Select(target => weights[target])] : null;

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
}
