using CsCheck;
using Tsds.Transport;

namespace Tsds.Tests.Transport;

public sealed class CandidateTableTests
{
    /// <summary>
    /// Ids close together, far apart, repeated, at the ends of the range: numbers as a dictionary would give them.
    /// </summary>
    [Fact]
    public void IndexesOf_AnyIds_NumbersThemInTheOrderOfMeeting() =>
        Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, long.MaxValue], Gen.Long[0, 200].Select(id => id << 40))
            .Array[0, 3000]
            .Array[3]
            .Sample(
                batches =>
                {
                    long limit = batches.SelectMany(ids => ids).DefaultIfEmpty(0).Max();
                    CandidateTable table = new(limit == long.MaxValue ? limit : limit + 1);
                    Dictionary<long, int> expected = [];
                    foreach (long[] batch in batches)
                    {
                        int[] indexes = new int[batch.Length];
                        table.IndexesOf(batch, indexes);
                        foreach (long id in batch)
                        {
                            expected.TryAdd(id, expected.Count);
                        }

                        Assert.Equal(batch.Select(id => expected[id]), indexes);
                    }

                    Assert.Equal(expected.Count, table.Count);
                    Assert.Equal(
                        expected.OrderBy(pair => pair.Value).Select(pair => pair.Key),
                        table.CandidateIds.ToArray()
                    );
                    Assert.All(Enumerable.Range(0, table.Count), index => Assert.False(table.IsKnown(index)));
                },
                iter: 100
            );

    [Fact]
    public void IndexesOf_AnIdThatThePoolDoesNotHave_IsAnError()
    {
        CandidateTable table = new(10);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            table.IndexesOf([10], new int[1])
        );
        Assert.Equal("Expected the pool to give ids from 0 to 9, found 10.", error.Message);
    }
}
