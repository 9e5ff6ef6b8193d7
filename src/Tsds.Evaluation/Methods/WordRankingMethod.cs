namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "bm25": each target ranks the rows by the words they share, and the targets choose their next row in
/// turn, as in "rds+". The score is that of BM25.
/// </summary>
/// <remarks>
/// A row that another target took before consumes the turn. Where the rows that share a word with a target do not reach
/// the budget, the others follow by id, with score 0. Memory beside the lists: the index, about a fifth of the texts.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2402.04333">Xia et al. 2024, LESS, section 5: BM25 as a baseline of data
/// selection</seealso>
internal sealed class WordRankingMethod : ISelectionMethod
{
    public string Name => "bm25";

    public MethodNeeds Needs => MethodNeeds.Texts;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        (400 * poolRows)
        + (32 * targetRows * Math.Min(poolRows, 2 * RoundRobin.FirstDepthOf(budget, (int)Math.Max(targetRows, 1))));

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        long count = inputs.Candidates.Count;
        using WordIndex index = WordIndex.Create(
            inputs.Rows!,
            done =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SelectionProgress(SelectionStage.Scoring, done, count));
            }
        );
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = inputs.ThreadCount,
            CancellationToken = cancellationToken,
        };
        for (long depth = RoundRobin.FirstDepthOf(inputs.Budget, inputs.TargetTexts!.Count); ; depth *= 2)
        {
            RankedList[] lists = new RankedList[inputs.TargetTexts!.Count];
            int ranked = 0;
            Parallel.For(
                0,
                lists.Length,
                parallel,
                target =>
                {
                    lists[target] = index.Rank(inputs.TargetTexts[target], (int)Math.Min(depth, count));
                    progress?.Report(
                        new SelectionProgress(SelectionStage.Choosing, Interlocked.Increment(ref ranked), lists.Length)
                    );
                }
            );
            if (RoundRobin.TryTake(lists, inputs.Budget, refills: false) is { } taken)
            {
                return Task.FromResult(Fill(taken, inputs));
            }
        }
    }

    private static MethodResult Fill(MethodResult taken, MethodInputs inputs)
    {
        HashSet<long> known = [.. taken.CandidateIds.Span];
        long[] others =
        [
            .. inputs.EnumerateIds().Where(id => !known.Contains(id)).Take(checked((int)inputs.Budget) - known.Count),
        ];
        return new MethodResult(
            (long[])[.. taken.CandidateIds.Span, .. others],
            (double[])[.. taken.Scores.Span, .. new double[others.Length]]
        );
    }
}
