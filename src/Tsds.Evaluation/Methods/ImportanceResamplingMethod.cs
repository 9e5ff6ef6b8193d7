using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "dsir": draws rows by importance weights of their hashed words and word pairs, w_i = Σ_b c_ib (ln(p_t(b)
/// + 10⁻⁸) − ln(p_r(b) + 10⁻⁸)).
/// </summary>
/// <remarks>
/// p_t over all targets, p_r over the first 10⁹ n-grams of the pool, 10,000 buckets. The rows with the largest w_i +
/// G_i, G_i = −ln(−ln U_i), are a draw without replacement in proportion to e^w. w is not divided by length: long rows
/// on the topic dominate. Deviation: the published length filter (100 tokens, made for web pages) is off, because rows
/// for fine-tuning are often shorter. The score is w + G. Reads the texts twice.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2302.03169">Xie et al. 2023, Data selection for language models via importance
/// resampling: section 4</seealso>
internal sealed class ImportanceResamplingMethod : ISelectionMethod
{
    private const int BlockSize = 1024;
    private const long MostNgrams = 1_000_000_000;

    /// <summary>
    /// The stream of random numbers, distinct from the one that <see cref="RandomMethod"/> draws from.
    /// </summary>
    private const ulong Stream = 1;

    public string Name => "dsir";

    public MethodNeeds Needs => MethodNeeds.Texts;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) =>
        BestRows.EstimateMemory(budget) + 50_000_000;

    public async Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        NgramDistribution target = new();
        foreach (string text in inputs.TargetTexts!)
        {
            target.Add(HashedNgrams.Count(text));
        }

        NgramDistribution pool = await inputs
            .FindOnceAsync("n-grams", () => Task.FromResult(CountPool(inputs, progress, cancellationToken)))
            .ConfigureAwait(false);
        double[] targetLogarithms = target.Logarithms();
        double[] poolLogarithms = pool.Logarithms();
        CounterRandom random = new(inputs.Seed, Stream);
        BestRows best = new(inputs.Budget);
        foreach ((CandidateRow[] rows, (int Bucket, int Count)[][] ngrams) in Read(inputs, progress, cancellationToken))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                double weight = 0;
                foreach ((int bucket, int count) in ngrams[i])
                {
                    weight += count * (targetLogarithms[bucket] - poolLogarithms[bucket]);
                }

                best.Add(rows[i].CandidateId, weight + Gumbel(random, rows[i].CandidateId));
            }
        }

        return best.ToResult();
    }

    private static NgramDistribution CountPool(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        NgramDistribution pool = new();
        foreach ((_, (int, int)[][] ngrams) in Read(inputs, progress, cancellationToken))
        {
            foreach ((int, int)[] row in ngrams)
            {
                if (pool.Total < MostNgrams)
                {
                    pool.Add(row);
                }
            }
        }

        return pool;
    }

    /// <summary>
    /// Returns a Gumbel variate of a row, −ln(−ln U), where U is the middle of one of 2⁵² equal parts of (0, 1).
    /// </summary>
    private static double Gumbel(CounterRandom random, long row)
    {
        double uniform = ((random.Bits((ulong)row) >> 12) + 0.5) / (1L << 52);
        return -Math.Log(-Math.Log(uniform));
    }

    private static IEnumerable<(CandidateRow[] Rows, (int Bucket, int Count)[][] Ngrams)> Read(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = inputs.ThreadCount,
            CancellationToken = cancellationToken,
        };
        long total = inputs.Candidates.Count;
        long done = 0;
        foreach (CandidateRow[] rows in inputs.Rows!.Chunk(BlockSize))
        {
            (int, int)[][] ngrams = new (int, int)[rows.Length][];
            Parallel.For(0, rows.Length, parallel, i => ngrams[i] = HashedNgrams.Count(rows[i].Text));
            yield return (rows, ngrams);
            done += rows.Length;
            progress?.Report(new SelectionProgress(SelectionStage.Scoring, done, total));
        }
    }
}
