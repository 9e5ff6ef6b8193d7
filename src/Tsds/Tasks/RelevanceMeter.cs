namespace Tsds.Tasks;

/// <summary>Measures how relevant the candidates of a plan are.</summary>
internal static class RelevanceMeter
{
    /// <summary>The elements that are read at once: 4 MB.</summary>
    private const int ElementsAtOnce = 1 << 20;

    /// <summary>Measures some candidates by every task.</summary>
    /// <param name="sight">The tasks.</param>
    /// <param name="weight">λ; nothing is measured where it is 0.</param>
    /// <param name="candidateIds">The candidates.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask<TaskRelevance[]> MeasureAsync(
        TaskSight sight,
        double weight,
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken
    )
    {
        if (weight == 0)
        {
            return [];
        }

        double[][] costs = new double[sight.Discriminants.Length][];
        double[][] scores = new double[costs.Length][];
        double[][] shares = new double[costs.Length][];
        for (int task = 0; task < costs.Length; task++)
        {
            costs[task] = new double[candidateIds.Length];
            scores[task] = new double[candidateIds.Length];
            shares[task] = new double[candidateIds.Length];
            Array.Fill(scores[task], double.NaN);
            Array.Fill(shares[task], double.NaN);
        }

        bool hasCosts = sight.Discriminants.Any(discriminant => discriminant is not null);
        int atOnce = Math.Max(1, ElementsAtOnce / sight.Pools[0].Dimension);
        for (int first = 0; hasCosts && first < candidateIds.Length; first += atOnce)
        {
            EmbeddingMatrix rows = await sight
                .Pools[0]
                .ReadEmbeddingsAsync(
                    candidateIds.Slice(first, Math.Min(atOnce, candidateIds.Length - first)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int task = 0; task < costs.Length; task++)
            {
                if (sight.Discriminants[task] is { } discriminant)
                {
                    for (int row = 0; row < rows.Count; row++)
                    {
                        costs[task][first + row] = discriminant.View.CostOf(rows[row]);
                        scores[task][first + row] = discriminant.ScoreOf(rows[row]);
                        shares[task][first + row] = discriminant.TargetShareOf(scores[task][first + row]);
                    }
                }
            }
        }

        return
        [
            .. Enumerable
                .Range(0, costs.Length)
                .Select(task => new TaskRelevance
                {
                    Task = task,
                    Reliability = sight.Discriminants[task]?.Reliability ?? 0,
                    Costs = costs[task],
                    Scores = scores[task],
                    TargetShares = shares[task],
                }),
        ];
    }
}
