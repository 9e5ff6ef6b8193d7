using CsCheck;
using Tsds.Evaluation.Protocol;

namespace Tsds.Tests.Evaluation.Protocol;

public sealed class HashSampleTests
{
    [Fact]
    public void OfRange_AnyLength_TakesOneOfEachPart() =>
        Gen.Long[1, 1_000_000_000_000]
            .Select(Gen.Int[1, 300])
            .Sample(
                (length, count) =>
                {
                    long[] ids = HashSample.OfRange(length, count, 1);
                    Assert.Equal(Math.Min(length, count), ids.Length);
                    for (int part = 0; part < ids.Length; part++)
                    {
                        Assert.InRange(
                            ids[part],
                            (long)((Int128)part * length / ids.Length),
                            (long)((Int128)(part + 1) * length / ids.Length) - 1
                        );
                    }
                }
            );

    [Fact]
    public void Of_MoreOrFewer_AreSubsetsOfOneAnother() =>
        Gen.Long[0, 1_000_000]
            .HashSet[1, 200]
            .Select(Gen.Int[0, 220])
            .Sample(
                (set, count) =>
                {
                    long[] ids = [.. set.Order()];
                    long[] sample = HashSample.Of(ids, count, 2);
                    Assert.Equal(Math.Min(count, ids.Length), sample.Length);
                    Assert.Equal(sample.Order(), sample);
                    Assert.Subset(HashSample.Of(ids, count + 1, 2).ToHashSet(), sample.ToHashSet());
                }
            );
}
