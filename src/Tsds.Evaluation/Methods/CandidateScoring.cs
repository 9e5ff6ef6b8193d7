namespace Tsds.Evaluation.Methods;

/// <summary>
/// Scores every candidate by its embedding, in one pass over the pool that holds one block of rows at a time.
/// </summary>
internal static class CandidateScoring
{
    /// <summary>The number of rows of a block; only the last block may have fewer.</summary>
    public const int BlockSize = 4096;

    private const int ChunkSize = 128;

    /// <summary>Returns the memory that a block takes, in bytes.</summary>
    public static long EstimateMemory(int dimension) => (long)BlockSize * dimension * 2 * sizeof(float);

    /// <summary>Scores all candidates and returns those with the highest scores.</summary>
    /// <param name="inputs">The pool and the budget.</param>
    /// <param name="score">The score of an embedding; called from several threads.</param>
    /// <param name="progress">Receives candidates scanned; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<MethodResult> SelectBestAsync(
        MethodInputs inputs,
        Func<ReadOnlySpan<float>, double> score,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        BestRows best = new(inputs.Budget);
        await ScanAsync(
                inputs,
                (ids, rows) => ForEachRow(inputs, rows, row => best.Add(ids.Span[row], score(rows[row]))),
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        return best.ToResult();
    }

    /// <summary>Reads the candidates that may be chosen, in ascending order of id, block by block.</summary>
    public static async Task ScanAsync(
        MethodInputs inputs,
        Action<ReadOnlyMemory<long>, EmbeddingMatrix> read,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        long total = inputs.Candidates.Count;
        long done = 0;
        foreach (long[] ids in inputs.EnumerateIds().Chunk(BlockSize))
        {
            EmbeddingMatrix rows = await inputs.Pool.ReadEmbeddingsAsync(ids, cancellationToken).ConfigureAwait(false);
            read(ids, rows);
            done += ids.Length;
            progress?.Report(new SelectionProgress(SelectionStage.Scoring, done, total));
        }
    }

    /// <summary>Calls a function for each row of a block, on all threads.</summary>
    public static void ForEachRow(MethodInputs inputs, EmbeddingMatrix rows, Action<int> act)
    {
        int chunks = (rows.Count + ChunkSize - 1) / ChunkSize;
        Parallel.For(
            0,
            chunks,
            new ParallelOptions { MaxDegreeOfParallelism = inputs.ThreadCount },
            chunk =>
            {
                for (int row = chunk * ChunkSize; row < Math.Min(rows.Count, (chunk + 1) * ChunkSize); row++)
                {
                    act(row);
                }
            }
        );
    }
}
