using CsCheck;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

public sealed class KneserNeyModelTests
{
    private const int FirstWord = 3;
    private const int VocabularySize = 6;

    private static readonly Gen<int[][]> Texts = Gen.Int[Vocabulary.Unknown, FirstWord + VocabularySize - 3]
        .Array[0, 12]
        .Array[1, 12];

    [Fact]
    public void Probability_AnyContext_SumsToOneOverTheVocabulary() =>
        Texts.Sample(texts =>
        {
            KneserNeyModel model = KneserNeyModel.Train(texts, VocabularySize);
            int[] words = [Vocabulary.Begin, .. Predictable()];
            foreach (int first in words)
            {
                foreach (int second in words)
                {
                    ulong context = KneserNeyModel.Follow(KneserNeyModel.Follow(0, first), second);
                    Assert.Equal(1, Predictable().Sum(word => model.Probability(context, word)), 1e-12);
                    Assert.All(Predictable(), word => Assert.True(model.Probability(context, word) > 0));
                }
            }
        });

    /// <summary>A discount of these texts comes out as 0, which would leave nothing for words not seen.</summary>
    [Fact]
    public void Probability_DiscountOfZero_LeavesSomethingForEveryWord()
    {
        int[][] texts =
        [
            [5, 6, 6, 4, 3],
            [4, 2, 2, 2, 6, 6, 4, 2, 2, 3, 2, 6],
            [3, 2, 4, 6, 6, 4, 6, 4, 4, 5],
            [3, 2, 3, 6, 5, 3, 4, 5, 4, 2],
            [3, 4, 5, 5, 4, 6, 5],
            [3, 4],
            [2, 4, 5, 6, 4, 4, 6, 5, 4, 6],
        ];
        KneserNeyModel model = KneserNeyModel.Train(texts, VocabularySize);
        int[] words = [Vocabulary.Begin, .. Predictable()];
        Assert.All(
            words.SelectMany(first =>
                words.Select(second => KneserNeyModel.Follow(KneserNeyModel.Follow(0, first), second))
            ),
            context => Assert.All(Predictable(), word => Assert.True(model.Probability(context, word) > 0))
        );
    }

    [Fact]
    public void Probability_TwoTexts_IsWhatAHandComputes()
    {
        // Texts "a b" and "a c" with words a = 3, b = 4, c = 5; too few n-grams for the formulas, so the discounts are
        // 1/2, 1, 3/2.
        KneserNeyModel model = KneserNeyModel.Train(
            [
                [3, 4],
                [3, 5],
            ],
            VocabularySize
        );

        // Seen before a: only the beginning (1). Before b: a. Before c: a. Before the end: b, c (2). Five in all,
        // discounts ½ + ½ + ½ + 1.
        double rest = 2.5 / 5 / VocabularySize;
        double single = (1 - 0.5) / 5;
        double a = single + rest;
        double b = single + rest;

        // Pairs: begin-a was seen after one word; a-b and a-c after one each. After a: b and c, two in all.
        double pairBeginA = ((1 - 0.5) + (0.5 * a)) / 1;
        double pairAB = ((1 - 0.5) + (1 * b)) / 2;

        // Triples: begin-begin-a twice, begin-a-b once, begin-a-c once.
        double tripleA = ((2 - 1) + (1 * pairBeginA)) / 2;
        double tripleB = ((1 - 0.5) + (1 * pairAB)) / 2;

        Assert.Equal(tripleA, model.Probability(KneserNeyModel.FirstContext, 3), 1e-15);
        ulong afterA = KneserNeyModel.Follow(KneserNeyModel.FirstContext, 3);
        Assert.Equal(tripleB, model.Probability(afterA, 4), 1e-15);

        // A context never seen passes on to the pair, and one whose last word was never seen to single words.
        Assert.Equal(pairAB, model.Probability(KneserNeyModel.Follow(KneserNeyModel.Follow(0, 5), 3), 4), 1e-15);
        Assert.Equal(rest, model.Probability(KneserNeyModel.Follow(KneserNeyModel.Follow(0, 5), 7), 7), 1e-15);
        (double nats, int words) = model.CostOf([3]);
        Assert.Equal(2, words);
        Assert.Equal(-Math.Log(tripleA) - Math.Log(model.Probability(afterA, Vocabulary.End)), nats, 1e-14);
    }

    [Fact]
    public void DiscountsOf_CountsOneToFour_FollowChenAndGoodman()
    {
        // Triples over texts of one word: begin-begin-w with count r, and begin-w-end with count r, for 2 words seen
        // once, 1 each seen 2, 3, 4 times.
        int[][] texts =
        [
            [3],
            [4],
            [5],
            [5],
            [6],
            [6],
            [6],
            [7],
            [7],
            [7],
            [7],
        ];
        KneserNeyModel model = KneserNeyModel.Train(texts, 7);

        // n = 4, 2, 2, 2: Y = 4/8; D1 = 1 − 2·½·2/4, D2 = 2 − 3·½·2/2, D3 = 3 − 4·½·2/2.
        Assert.Equal([0.5, 0.5, 1], model.DiscountsOf(3));
    }

    [Fact]
    public void CostOf_TrainedOnTheSameTexts_IsSmallerThanOnOthers()
    {
        int[][] same =
        [
            [3, 4, 5, 6],
            [3, 4, 6, 5],
            [4, 5, 6, 3],
        ];
        int[][] other =
        [
            [6, 5, 4, 3],
            [5, 5, 3, 3],
            [6, 6, 4, 4],
        ];
        double nats = same.Sum(text => KneserNeyModel.Train(same, VocabularySize).CostOf(text).Nats);
        Assert.True(nats < same.Sum(text => KneserNeyModel.Train(other, VocabularySize).CostOf(text).Nats));
    }

    [Fact]
    public void Vocabulary_WordsSeenOnce_AreUnknown()
    {
        Vocabulary vocabulary = Vocabulary.FromTexts(["Red red fox", "blue, blue"]);
        Assert.Equal(4, vocabulary.PredictableCount);
        Assert.Equal([4, Vocabulary.Unknown, 3, Vocabulary.Unknown], vocabulary.Encode("RED , blue green"));
    }

    private static IEnumerable<int> Predictable() => Enumerable.Range(Vocabulary.End, VocabularySize);
}
