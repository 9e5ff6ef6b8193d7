using System.Collections.Concurrent;
using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// The statistics of pool and targets that are computed once, before any selection is read, so that all selections are
/// measured alike.
/// </summary>
/// <param name="Vocabulary">The words of pool and targets; null without texts.</param>
/// <param name="Ngrams">The hashed n-grams of the pool; null without texts.</param>
/// <param name="MedianDistance">The median distance within a sample of pool and targets: the bandwidth that kernels
/// start from.</param>
internal sealed record PoolStatistics(Vocabulary? Vocabulary, NgramDistribution? Ngrams, double MedianDistance)
{
    /// <summary>
    /// The largest number of rows of the pool, and of targets, between which the median distance is computed.
    /// </summary>
    private const int LargestSample = 500;

    private const int BlockSize = 1024;

    public static async Task<PoolStatistics> CreateAsync(
        EvaluationData data,
        EvaluatorOptions options,
        CancellationToken cancellationToken
    )
    {
        long[]? visible = data.HiddenIds.IsEmpty
            ? null
            :
            [
                .. Enumerable
                    .Range(0, checked((int)data.Pool.Count))
                    .Select(row => (long)row)
                    .Where(row => !data.IsHidden(row)),
            ];
        double median = await MeasureMedianAsync(
                data.Pool,
                visible,
                data.Targets,
                options.Seed,
                options.ThreadCount,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (data.PoolTexts is not { } texts)
        {
            return new PoolStatistics(null, null, median);
        }

        // Whole numbers are added, so neither the order of blocks nor the number of threads matters.
        ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);
        NgramDistribution ngrams = new();
        int blocks = (texts.Count + BlockSize - 1) / BlockSize;
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.ThreadCount,
            CancellationToken = cancellationToken,
        };
        Parallel.For(
            0,
            blocks,
            parallel,
            block =>
            {
                NgramDistribution part = new();
                Dictionary<string, int> words = new(StringComparer.Ordinal);
                for (int row = block * BlockSize; row < Math.Min(texts.Count, (block + 1) * BlockSize); row++)
                {
                    if (!data.IsHidden(row))
                    {
                        string text = texts[row];
                        part.Add(HashedNgrams.Count(text));
                        CountWords(words, text);
                    }
                }

                Merge(counts, words);
                lock (ngrams)
                {
                    ngrams.Add(part);
                }
            }
        );
        Dictionary<string, int> targetWords = new(StringComparer.Ordinal);
        foreach (string text in data.TargetTexts!)
        {
            CountWords(targetWords, text);
        }

        Merge(counts, targetWords);
        return new PoolStatistics(Vocabulary.FromCounts(counts), ngrams, median);
    }

    private static void CountWords(Dictionary<string, int> counts, string text)
    {
        foreach (string word in WordTokenizer.Tokenize(text))
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }
    }

    private static void Merge(ConcurrentDictionary<string, int> counts, Dictionary<string, int> words)
    {
        foreach ((string word, int count) in words)
        {
            counts.AddOrUpdate(word, count, (_, known) => known + count);
        }
    }

    /// <summary>
    /// Computes the median distance within a sample of pool and targets, omitting equal pairs; 1 if all are equal.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="ids">Ids of the candidates to sample, or null for all.</param>
    /// <param name="all">The targets.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="threadCount">Threads.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<double> MeasureMedianAsync(
        ICandidatePool pool,
        IReadOnlyList<long>? ids,
        EmbeddingMatrix all,
        ulong seed,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        long[] rows = RandomRows.Draw(ids?.Count ?? pool.Count, LargestSample, seed);
        EmbeddingMatrix candidates = await pool.ReadEmbeddingsAsync(
                ids is null ? rows : Array.ConvertAll(rows, row => ids[(int)row]),
                cancellationToken
            )
            .ConfigureAwait(false);
        long[] chosen = RandomRows.Draw(all.Count, LargestSample, seed);
        EmbeddingMatrix targets = all.Gather(Array.ConvertAll(chosen, target => (int)target));
        EmbeddingMatrix both = new((float[])[.. candidates.Values.Span, .. targets.Values.Span], candidates.Dimension);
        DistanceMatrix distances = DistanceMatrix.Between(both, both, threadCount);
        double[] positive = [.. distances.Values.ToArray().Where(distance => distance > 0)];
        return positive.Length > 0 ? Statistics.Quantile(positive, 0.5) : 1;
    }
}
