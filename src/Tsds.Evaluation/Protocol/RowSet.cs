using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Rows that are compared with the held-out targets: a selection, a random one, or real targets. Texts are split into
/// words once.
/// </summary>
internal sealed class RowSet
{
    private readonly int[] _positions;

    /// <summary>Initializes a set of rows.</summary>
    /// <param name="vectors">Shape [rows, dimension], each row once.</param>
    /// <param name="counts">How often each row counts.</param>
    /// <param name="texts">Their texts, or null.</param>
    /// <param name="vocabulary">Of the texts; null if there are none.</param>
    /// <param name="threadCount">Threads.</param>
    public RowSet(
        EmbeddingMatrix vectors,
        ReadOnlySpan<long> counts,
        IReadOnlyList<string>? texts,
        Vocabulary? vocabulary,
        int threadCount
    )
    {
        Vectors = vectors;
        Texts = texts;
        List<int> positions = [];
        for (int row = 0; row < counts.Length; row++)
        {
            positions.AddRange(Enumerable.Repeat(row, checked((int)counts[row])));
        }

        _positions = [.. positions];
        if (texts is not null && vocabulary is not null)
        {
            int[][] words = new int[texts.Count][];
            (int, int)[][] ngrams = new (int, int)[texts.Count][];
            Parallel.For(
                0,
                texts.Count,
                new ParallelOptions { MaxDegreeOfParallelism = threadCount },
                row =>
                {
                    words[row] = vocabulary.Encode(texts[row]);
                    ngrams[row] = HashedNgrams.Count(texts[row]);
                }
            );
            (Words, Ngrams) = (words, ngrams);
            WordCount = _positions.Sum(position => (long)words[position].Length);
        }
    }

    /// <summary>Gets the number of rows, repeats counted.</summary>
    public int Count => _positions.Length;

    /// <summary>Gets the number of distinct rows.</summary>
    public EmbeddingMatrix Vectors { get; }

    /// <summary>Gets the texts of the distinct rows, or null.</summary>
    public IReadOnlyList<string>? Texts { get; }

    /// <summary>Gets the words of each text; empty without texts.</summary>
    public IReadOnlyList<int[]> Words { get; } = [];

    /// <summary>Gets the hashed n-grams of each text; empty without texts.</summary>
    public IReadOnlyList<(int Bucket, int Count)[]> Ngrams { get; } = [];

    /// <summary>Gets the number of words of all rows, repeats counted.</summary>
    public long WordCount { get; }

    /// <summary>
    /// Returns the rows in an order drawn by the seed, repeats as often as they count. Every prefix is a random
    /// subsample.
    /// </summary>
    public int[] Shuffle(ulong seed, int repeat)
    {
        CounterRandom random = new(seed, (ulong)repeat);
        return
        [
            .. Enumerable
                .Range(0, _positions.Length)
                .OrderBy(i => random.Bits((ulong)i))
                .ThenBy(i => i)
                .Select(i => _positions[i]),
        ];
    }
}
