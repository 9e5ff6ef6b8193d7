namespace Tsds.Evaluation.Methods;

/// <summary>
/// Ranks the rows most similar to each target. Embeddings are normalized, so the nearest rows are the most similar: s =
/// 1 − d²/2.
/// </summary>
internal static class SimilarRows
{
    /// <summary>Ranks the candidates for each target.</summary>
    /// <param name="inputs">Pool and targets.</param>
    /// <param name="depth">Rows for each target; all where there are fewer.</param>
    /// <param name="progress">Receives candidates scanned; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<RankedList[]> RankAsync(
        MethodInputs inputs,
        long depth,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ICandidatePool pool = inputs.Candidates;
        int k = checked((int)Math.Min(depth, pool.Count));
        IProgress<long>? scanned = SelectionProgress.OfStage(progress, SelectionStage.Neighbors, pool.Count);
        NeighborTable table = await pool.FindNearestAsync(inputs.Targets, k, scanned, cancellationToken)
            .ConfigureAwait(false);
        RankedList[] lists = new RankedList[table.QueryCount];
        for (int target = 0; target < lists.Length; target++)
        {
            double[] similarities = Array.ConvertAll(
                table.DistancesSquared(target).ToArray(),
                squared => 1 - (squared / 2)
            );
            lists[target] = new RankedList(table.CandidateIds(target).ToArray(), similarities, k == pool.Count);
        }

        return lists;
    }
}
