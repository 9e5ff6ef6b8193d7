using System.Collections.Concurrent;
using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Quality;

/// <summary>Measures selections of a suite by the held-out rows of its tasks.</summary>
internal sealed class Judge
{
    /// <summary>A stream of its own for the order in which rows are read by the language model.</summary>
    private const ulong OrderStream = 1UL << 40;

    private readonly Suite _suite;
    private readonly Vocabulary _vocabulary;
    private readonly NgramDistribution _pool = new();
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (int Bucket, int Count)[]> _ngrams = new(StringComparer.Ordinal);

    public Judge(Suite suite)
    {
        _suite = suite;
        _vocabulary = Vocabulary.FromTexts(
            suite
                .Rows.Select(row => row.Text)
                .Concat(suite.Tasks.SelectMany(task => task.Queries.Concat(task.HeldOut)).Select(row => row.Text))
        );
        Parallel.ForEach(
            suite.Rows.Chunk(1024),
            rows =>
            {
                NgramDistribution part = new();
                foreach (LabelledText row in rows)
                {
                    part.Add(HashedNgrams.Count(row.Text));
                }

                lock (_pool)
                {
                    _pool.Add(part);
                }
            }
        );
    }

    /// <summary>The words of a selection.</summary>
    public long CountWords(ReadOnlySpan<long> rows)
    {
        long words = 0;
        foreach (long row in rows)
        {
            words += WordsOf(_suite.Rows[(int)row].Text).Length;
        }

        return words;
    }

    /// <summary>
    /// What each held-out row costs under a language model trained on so many words of a selection, whole rows in
    /// random order, the last one cut.
    /// </summary>
    public (double Nats, int Words)[] MeasureCosts(long[] rows, SuiteTask task, long words, ulong seed)
    {
        CounterRandom random = new(seed, OrderStream);
        List<int[]> texts = [];
        long left = words;
        foreach (long row in rows.OrderBy(row => random.Bits((ulong)row)))
        {
            int[] text = WordsOf(_suite.Rows[(int)row].Text);
            texts.Add(text.Length <= left ? text : text[..(int)left]);
            left -= text.Length;
            if (left <= 0)
            {
                break;
            }
        }

        KneserNeyModel model = KneserNeyModel.Train(texts, _vocabulary.PredictableCount);
        return [.. task.HeldOut.Select(row => model.CostOf(WordsOf(row.Text)))];
    }

    public double MeasureKlReduction(long[] rows, SuiteTask task) =>
        NgramDistribution.Reduction(Count(task.HeldOut), _pool, Count(rows.Select(row => _suite.Rows[(int)row])));

    public double MeasureF1(long[] rows, SuiteTask task) =>
        task.Train.Count == 0
            ? double.NaN
            : LabelClassifier.MeasureF1([.. rows.Select(row => _suite.Rows[(int)row].Text)], task.Train, task.HeldOut);

    /// <summary>
    /// Total variation between the sources' shares of the right rows and of the queries; NaN without a right row.
    /// </summary>
    public double MeasureMixtureDistance(long[] rows, SuiteTask task)
    {
        Dictionary<string, double> selected = SharesOf(
            rows.Select(row => _suite.Rows[(int)row]).Where(row => task.IsRight(row.Source))
        );
        Dictionary<string, double> asked = SharesOf(task.Queries);
        return selected.Count == 0
            ? double.NaN
            : selected
                .Keys.Union(asked.Keys)
                .Sum(source => Math.Abs(selected.GetValueOrDefault(source) - asked.GetValueOrDefault(source))) / 2;
    }

    private static Dictionary<string, double> SharesOf(IEnumerable<LabelledText> rows)
    {
        LabelledText[] all = [.. rows];
        return all.GroupBy(row => row.Source, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (double)group.Count() / all.Length);
    }

    private NgramDistribution Count(IEnumerable<LabelledText> rows)
    {
        NgramDistribution distribution = new();
        foreach (LabelledText row in rows)
        {
            distribution.Add(_ngrams.GetOrAdd(row.Text, HashedNgrams.Count));
        }

        return distribution;
    }

    private int[] WordsOf(string text) => _words.GetOrAdd(text, _vocabulary.Encode);
}
