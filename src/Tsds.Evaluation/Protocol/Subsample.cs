using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// A subsample of a set: as many rows and words as the comparison allows, with the targets they are compared with.
/// </summary>
internal sealed class Subsample
{
    private readonly RowSet _rows;
    private readonly int[] _order;
    private readonly Lazy<DistanceMatrix> _between;
    private readonly Lazy<DistanceMatrix> _within;

    /// <summary>Initializes a subsample.</summary>
    /// <param name="rows">The set.</param>
    /// <param name="targets">The held-out targets.</param>
    /// <param name="order">A shuffle of the set.</param>
    /// <param name="rowCount">The number of rows from its beginning.</param>
    /// <param name="wordCount">The number of words from its beginning.</param>
    /// <param name="threadCount">Threads.</param>
    public Subsample(RowSet rows, HeldOutTargets targets, int[] order, int rowCount, long wordCount, int threadCount)
    {
        (_rows, _order, Targets, RowCount, WordCount, ThreadCount) = (
            rows,
            order,
            targets,
            rowCount,
            wordCount,
            threadCount
        );
        Vectors = rows.Vectors.Gather(order.AsSpan(0, rowCount));
        _between = new Lazy<DistanceMatrix>(() => DistanceMatrix.Between(Vectors, targets.Rows.Vectors, threadCount));
        _within = new Lazy<DistanceMatrix>(() => DistanceMatrix.Between(Vectors, Vectors, threadCount));
    }

    public HeldOutTargets Targets { get; }

    public int RowCount { get; }

    public long WordCount { get; }

    public int ThreadCount { get; }

    /// <summary>Gets the rows, shape [<see cref="RowCount"/>, dimension].</summary>
    public EmbeddingMatrix Vectors { get; }

    /// <summary>Gets the distances of the rows to the targets.</summary>
    public DistanceMatrix Between => _between.Value;

    /// <summary>Gets the distances of the rows to each other.</summary>
    public DistanceMatrix Within => _within.Value;

    /// <summary>Gets equal weights for the rows.</summary>
    public double[] Weights => [.. Enumerable.Repeat(1.0 / RowCount, RowCount)];

    /// <summary>Returns the hashed n-grams of the rows.</summary>
    public NgramDistribution CountNgrams()
    {
        NgramDistribution distribution = new();
        foreach (int row in _order.AsSpan(0, RowCount))
        {
            distribution.Add(_rows.Ngrams[row]);
        }

        return distribution;
    }

    /// <summary>
    /// Returns texts of exactly <see cref="WordCount"/> words, the last one cut, or all texts if the set holds fewer
    /// words.
    /// </summary>
    public IReadOnlyList<int[]> FirstWords()
    {
        List<int[]> texts = [];
        long left = WordCount;
        foreach (int row in _order)
        {
            if (left <= 0)
            {
                break;
            }

            int[] words = _rows.Words[row];
            texts.Add(words.Length <= left ? words : words[..(int)left]);
            left -= words.Length;
        }

        return texts;
    }
}
