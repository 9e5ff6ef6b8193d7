using Tsds.Data.Embedding.Choice;

namespace Tsds.Tests.Data.Embedding;

public sealed class ModelCostTests
{
    [Theory]
    [InlineData(0.2, "about 1 second for")]
    [InlineData(42, "about 42 seconds for")]
    [InlineData(18 * 60, "about 18 minutes for")]
    [InlineData(3 * 3600, "about 3 hours for")]
    public void Describe_AnyTime_IsOfTheUnitThatSaysIt(double seconds, string expected)
    {
        string text = ModelCost.Describe(129_521, TimeSpan.FromSeconds(seconds));
        Assert.StartsWith("lexical+minilm: ", text, StringComparison.Ordinal);
        Assert.Contains(expected + " these 129,521 rows on this machine", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TokensOf_LongText_AreNoMoreThanTheModelReads()
    {
        Assert.Equal(2, ModelCost.TokensOf(""));
        Assert.Equal(27, ModelCost.TokensOf(new string('x', 100)));
        Assert.Equal(256, ModelCost.TokensOf(new string('x', 100_000)));
    }

    [Fact]
    public void Estimate_TwiceTheSpeedOrThreads_TakesHalfTheTime()
    {
        TimeSpan one = ModelCost.Estimate(1_000_000, 1e11, 1);
        Assert.Equal(one.TotalSeconds / 2, ModelCost.Estimate(1_000_000, 2e11, 1).TotalSeconds, 1e-6);
        Assert.Equal(one.TotalSeconds / 2, ModelCost.Estimate(1_000_000, 1e11, 2).TotalSeconds, 1e-6);
        Assert.Equal(one.TotalSeconds * 3, ModelCost.Estimate(3_000_000, 1e11, 1).TotalSeconds, 1e-6);
    }

    /// <summary>Any machine does more than 10 million operations a second, and no core 10¹³.</summary>
    [Fact]
    public void MeasureSpeed_ThisMachine_IsPossible() => Assert.InRange(ModelCost.MeasureSpeed(), 1e7, 1e13);
}
