using CsCheck;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Tests.Evaluation.Methods;

public sealed class TextMethodTests
{
    private static readonly string[] Words = ["a", "b", "c", "d", "e", "f", "g"];

    /// <summary>Gets texts of a few words, some of them in no other text, some empty.</summary>
    private static Gen<MethodInputs> Texts { get; } =
        Gen.Select(
                Gen.Int[0, 6].Select(word => Words[word]).Array[0, 8].Select(words => string.Join(' ', words)).Array[
                    3,
                    20
                ],
                Gen.Int[0, 6].Select(word => Words[word]).Array[1, 5].Select(words => string.Join(' ', words)).Array[
                    1,
                    4
                ],
                Gen.Double[0, 1]
            )
            .Select(
                (pool, targets, share) =>
                    BaselineInputs.OfTexts(pool, targets, Math.Max(1, (long)(share * pool.Length)))
            );

    [Fact]
    public void RandomBalanced_SmallSource_LeavesItsShareToTheOthers()
    {
        // 7 rows of three sources: two each and one more for the first by name; b has one row, and its second goes to
        // a.
        MethodInputs inputs = BaselineInputs.OfTexts(
            ["b 0", "c 1", "c 2", "a 3", "a 4", "a 5", "a 6", "c 7", "c 8", "c 9"],
            ["t"],
            7
        );
        string[] sources =
        [
            .. BaselineInputs.Select("random-balanced", inputs).Select(row => inputs.Rows!.ElementAt((int)row).Source),
        ];
        Assert.Equal(
            (3, 1, 3),
            (
                sources.Count(source => source == "a"),
                sources.Count(source => source == "b"),
                sources.Count(source => source == "c")
            )
        );
    }

    [Fact]
    public void RandomBalanced_AnyPool_TakesNoSourceBeforeASmallerShareIsExhausted() =>
        Texts.Sample(inputs =>
        {
            string[] sourceOf = [.. inputs.Rows!.Select(row => row.Source)];
            long[] chosen = BaselineInputs.Select("random-balanced", inputs);
            ILookup<string, long> bySource = chosen.ToLookup(row => sourceOf[row]);
            foreach (string source in sourceOf.Distinct())
            {
                // A source with a row left has at most one less than any other.
                bool isExhausted = bySource[source].Count() == sourceOf.Count(other => other == source);
                Assert.True(
                    isExhausted
                        || sourceOf.Distinct().All(other => bySource[other].Count() <= bySource[source].Count() + 1)
                );

                // Within a source the rows are those that random takes of them.
                CounterRandom random = new(inputs.Seed, 0);
                long[] all =
                [
                    .. Enumerable
                        .Range(0, sourceOf.Length)
                        .Where(row => sourceOf[row] == source)
                        .Select(row => (long)row),
                ];
                Assert.Equal(
                    all.OrderBy(row => random.Bits((ulong)row)).Take(bySource[source].Count()).Order(),
                    bySource[source].Order()
                );
            }

            Assert.Equal(inputs.Budget, chosen.Distinct().Count());
        });

    [Fact]
    public void Dsir_WordsOfTheTargets_WeighMoreThanChanceGives()
    {
        // A word of the targets that is rare in the pool adds about ln of the ratio each time, an unknown one −18: no
        // Gumbel number bridges that.
        MethodInputs inputs = BaselineInputs.OfTexts(["x y z", "t t t", "x z y", "y x z", "z z z"], ["t", "t t"], 1);
        Assert.Equal([1], BaselineInputs.Select("dsir", inputs));
    }

    [Fact]
    public void Dsir_AnyTexts_IsTheDefinition() =>
        Texts.Sample(inputs =>
        {
            string[] pool = [.. inputs.Rows!.Select(row => row.Text)];
            double[] target = Probabilities(inputs.TargetTexts!);
            double[] all = Probabilities(pool);
            CounterRandom random = new(inputs.Seed, 1);
            double Score(long id) =>
                Ngrams(pool[id])
                    .Sum(ngram =>
                        Math.Log(target[HashedNgrams.BucketOf(ngram)] + 1e-8)
                        - Math.Log(all[HashedNgrams.BucketOf(ngram)] + 1e-8)
                    ) - Math.Log(-Math.Log(((random.Bits((ulong)id) >> 12) + 0.5) / Math.Pow(2, 52)));
            Assert.Equal("", BaselineInputs.Disagreement(inputs, BaselineInputs.Select("dsir", inputs), Score));
        });

    [Fact]
    public void Dsir_ManySeeds_DrawInProportionToTheWeights()
    {
        // Three rows of one word: p_t = (3/4, 1/4, 0) and p_r = 1/3 each, so e^w is in proportion to 3 : 1 : about 0.
        MethodInputs inputs = BaselineInputs.OfTexts(["a", "b", "c"], ["a", "a", "a", "b"], 1);
        int first = Enumerable
            .Range(0, 2_000)
            .Count(seed => BaselineInputs.Select("dsir", inputs with { Seed = (ulong)seed })[0] == 0);
        Assert.InRange(first, 1_400, 1_600);
    }

    [Fact]
    public void Bm25_TwoTargets_TakeTurns()
    {
        // Target 0 ranks row 1 (both words) before row 0; target 1 ranks row 3 (shorter) before row 2; row 4 shares no
        // word.
        MethodInputs inputs = BaselineInputs.OfTexts(
            ["red car", "red fox", "big blue house here", "blue house", "other"],
            ["red fox", "blue house"],
            5
        );
        Assert.Equal([1, 3, 0, 2, 4], BaselineInputs.Select("bm25", inputs));
        Assert.Equal(0, BaselineInputs.Scores("bm25", inputs)[^1]);
    }

    [Fact]
    public void Bm25_OneWord_HasTheScoreOfTheFormula()
    {
        // N = 2, n = 1, tf = 2, length 4 of mean 4, where Lucene's lengths are exact: ln(1 + 1.5/1.5) · 2 · 2.2/(2 +
        // 1.2).
        MethodInputs inputs = BaselineInputs.OfTexts(["fox fox red car", "a b c d"], ["fox"], 1);
        Assert.Equal(Math.Log(2) * 4.4 / 3.2, BaselineInputs.Scores("bm25", inputs)[0], 5);
    }

    [Fact]
    public void Bm25_AnyTexts_IsTheDefinition() =>
        Texts.Sample(inputs =>
        {
            string[][] pool = [.. inputs.Rows!.Select(row => Split(row.Text))];
            double mean = pool.Average(words => words.Length);
            double Score(string target, int row) =>
                Split(target)
                    .Sum(word =>
                    {
                        double n = pool.Count(words => words.Contains(word));
                        double tf = pool[row].Count(other => other == word);
                        double idf = Math.Log(1 + ((pool.Length - n + 0.5) / (n + 0.5)));
                        return idf * tf * 2.2 / (tf + (1.2 * (0.25 + (0.75 * LuceneLength(pool[row].Length) / mean))));
                    });
            List<(long Row, double Score)> expected = [];
            for (int round = 0; round < pool.Length; round++)
            {
                foreach (string target in inputs.TargetTexts!)
                {
                    (int row, double score) = Enumerable
                        .Range(0, pool.Length)
                        .Select(row => (row, score: Score(target, row)))
                        .Where(pair => pair.score > 0)
                        .OrderByDescending(pair => Math.Round(pair.score, 4))
                        .ThenBy(pair => pair.row)
                        .Skip(round)
                        .FirstOrDefault((-1, 0));
                    if (row >= 0 && expected.All(pair => pair.Row != row))
                    {
                        expected.Add((row, score));
                    }
                }
            }

            expected.AddRange(
                Enumerable
                    .Range(0, pool.Length)
                    .Where(row => expected.All(pair => pair.Row != row))
                    .Select(row => ((long)row, 0.0))
                    .ToList()
            );
            MethodResult found = SelectionMethods
                .Find("bm25")
                .SelectAsync(inputs, null, TestContext.Current.CancellationToken)
                .GetAwaiter()
                .GetResult();
            Assert.Equal(expected.Take((int)inputs.Budget).Select(pair => pair.Row), found.CandidateIds.ToArray());
            Assert.Equal(
                expected.Take((int)inputs.Budget).Select(pair => Math.Round(pair.Score, 3)),
                found.Scores.ToArray().Select(score => Math.Round(score, 3))
            );
        });

    [Fact]
    public void TextMethod_WithoutTexts_SaysWhatToGive()
    {
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(1, 2), BaselineInputs.Circle(0), 1);
        foreach (string name in new[] { "dsir", "bm25", "random-balanced" })
        {
            Assert.Contains(
                "--pool",
                Assert.Throws<InvalidOperationException>(() => BaselineInputs.Select(name, inputs)).Message,
                StringComparison.Ordinal
            );
        }
    }

    private static double[] Probabilities(IEnumerable<string> texts)
    {
        double[] counts = new double[10_000];
        foreach (string ngram in texts.SelectMany(Ngrams))
        {
            counts[HashedNgrams.BucketOf(ngram)]++;
        }

        double total = counts.Sum();
        return Array.ConvertAll(counts, count => count / total);
    }

    private static IEnumerable<string> Ngrams(string text)
    {
        string[] words = Split(text);
        return words.Concat(words.Zip(words.Skip(1), (first, second) => first + " " + second));
    }

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// The length that is left of one after it was kept as 1/√length with three bits behind the leading one.
    /// </summary>
    private static double LuceneLength(int length)
    {
        if (length == 0)
        {
            return 1;
        }

        int bits = BitConverter.SingleToInt32Bits((float)(1 / Math.Sqrt(length)));
        double kept = BitConverter.Int32BitsToSingle(bits & ~((1 << 21) - 1));
        return 1 / (kept * kept);
    }
}
