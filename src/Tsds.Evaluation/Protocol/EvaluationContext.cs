namespace Tsds.Evaluation.Protocol;

/// <summary>The data that all folds and methods share, the statistics of the pool and the random selections.</summary>
internal sealed class EvaluationContext
{
    private const ulong FirstStream = 1;

    private EvaluationContext(EvaluationData data, EvaluatorOptions options, PoolStatistics pool)
    {
        (Data, Options, Pool) = (data, options, pool);
    }

    public EvaluationData Data { get; }

    public EvaluatorOptions Options { get; }

    public PoolStatistics Pool { get; }

    /// <summary>Gets the random selections.</summary>
    public IReadOnlyList<RowSet> Random { get; private set; } = [];

    /// <summary>Gets the number of words on which language models are trained.</summary>
    public long WordCount { get; private set; }

    public static async Task<EvaluationContext> CreateAsync(
        EvaluationData data,
        long budget,
        EvaluatorOptions options,
        CancellationToken cancellationToken
    )
    {
        PoolStatistics pool = await PoolStatistics.CreateAsync(data, options, cancellationToken).ConfigureAwait(false);
        EvaluationContext context = new(data, options, pool);
        List<RowSet> random = [];
        for (int i = 0; i < options.RandomCount; i++)
        {
            // Streams of their own: a random selection with the same seed that is to be judged is another one.
            long[] rows = RandomRows.Draw(data.Pool.Count, budget, options.Seed, FirstStream + (ulong)i, data.IsHidden);
            random.Add(await context.ReadAsync(new SelectedRows(rows), cancellationToken).ConfigureAwait(false));
        }

        context.Random = random;
        context.WordCount = options.WordCount ?? (long)(random.Average(rows => rows.WordCount) / 2);
        return context;
    }

    public async Task<RowSet> ReadAsync(SelectedRows selection, CancellationToken cancellationToken)
    {
        EmbeddingMatrix vectors = await Data
            .Pool.ReadEmbeddingsAsync(selection.CandidateIds, cancellationToken)
            .ConfigureAwait(false);
        string[]? texts = Data.PoolTexts is { } all
            ? [.. selection.CandidateIds.ToArray().Select(row => all[(int)row])]
            : null;
        return new RowSet(vectors, selection.Counts.Span, texts, Pool.Vocabulary, Options.ThreadCount);
    }

    /// <summary>Returns targets as a set of rows.</summary>
    public RowSet ToRowSet(IReadOnlyList<int> targets)
    {
        string[]? texts = Data.TargetTexts is { } all ? [.. targets.Select(target => all[target])] : null;
        long[] ones = [.. Enumerable.Repeat(1L, targets.Count)];
        return new RowSet(Data.Targets.Gather([.. targets]), ones, texts, Pool.Vocabulary, Options.ThreadCount);
    }
}
