using Tsds.Data.Sieving;

namespace Tsds.Tests.Data.Sieving;

public sealed class LinearSieveTests
{
    [Fact]
    public void Read_WordsInAnotherCaseAndSpacing_AreTheSameFeatures()
    {
        Assert.Equal(FeaturesOf("how do i bake bread?"), FeaturesOf("  How DO\ti  bake\nBread?"));
        Assert.NotEqual(FeaturesOf("bake bread"), FeaturesOf("bread bake"));

        // A word and its pair with the one before; the first has none before it.
        Assert.Equal(5, FeaturesOf("one two three").Length);
        Assert.Equal(3, FeaturesOf("\u6c34\u706b").Length);
        Assert.Empty(FeaturesOf(" \t\n"));
    }

    [Fact]
    public void Read_LongText_StopsWithinItsBound()
    {
        int[] features = FeaturesOf(string.Join(' ', Enumerable.Range(0, 5_000)));
        Assert.InRange(features.Length, NgramFeatures.Most - 2, NgramFeatures.Most);
        Assert.All(features, bucket => Assert.InRange(bucket, 0, NgramFeatures.BucketCount - 1));
    }

    [Fact]
    public void Learn_TextsOfTwoTopics_ScoresUnseenOnesByTopic()
    {
        (List<int[]> examples, List<double> labels) = Topics(400);
        LinearSieve sieve = LinearSieve.Learn(examples, labels, TestContext.Current.CancellationToken);
        Assert.True(sieve.Score("stir the flour with the butter") > 0);
        Assert.True(sieve.Score("tune the violin with the piano") < 0);
        Assert.Equal(sieve.Score("stir the flour"), sieve.Score(FeaturesOf("stir the flour")));

        // How often a text is repeated in full says nothing about its topic.
        string text = "stir the flour with the butter. ";
        Assert.InRange(sieve.Score(text + text + text) / sieve.Score(text), 1, 2.5);
    }

    [Fact]
    public void Learn_SameExamples_GivesTheSameModel()
    {
        (List<int[]> examples, List<double> labels) = Topics(100);
        LinearSieve one = LinearSieve.Learn(examples, labels, TestContext.Current.CancellationToken);
        LinearSieve other = LinearSieve.Learn(examples, labels, TestContext.Current.CancellationToken);
        Assert.All(examples, example => Assert.Equal(one.Score(example), other.Score(example)));
    }

    [Fact]
    public void Learn_NothingRelevant_ScoresNumbers()
    {
        (List<int[]> examples, _) = Topics(20);
        LinearSieve sieve = LinearSieve.Learn(examples, new double[20], TestContext.Current.CancellationToken);
        Assert.All(examples, example => Assert.True(float.IsFinite(sieve.Score(example))));
        Assert.True(float.IsFinite(sieve.Score("")));
    }

    private static (List<int[]> Examples, List<double> Labels) Topics(int count)
    {
        string[] cooking = ["flour", "butter", "oven", "stir", "bake"];
        string[] music = ["violin", "piano", "tune", "chord", "melody"];
        List<int[]> examples = [];
        List<double> labels = [];
        for (int i = 0; i < count; i++)
        {
            string[] words = i % 4 == 0 ? cooking : music;
            examples.Add(FeaturesOf($"the {words[i % 5]} with the {words[i / 5 % 5]} and number {i}"));
            labels.Add(i % 4 == 0 ? 1 : 0);
        }

        return (examples, labels);
    }

    private static int[] FeaturesOf(string text)
    {
        int[] buckets = new int[NgramFeatures.Most];
        return buckets[..NgramFeatures.Read(text, buckets)];
    }
}
