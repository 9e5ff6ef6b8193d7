using Tsds.Data.Embedding.Lexical;

namespace Tsds.Tests.Data.Embedding.Lexical;

/// <summary>The counts of buckets, through growth, collisions and reuse.</summary>
public sealed class FeatureTableTests
{
    [Fact]
    public void Add_ManyBucketsTwiceOver_CountsEach()
    {
        FeatureTable table = new();
        foreach (int range in (int[])[3_000, 5, 1_000])
        {
            table.Clear();
            Random random = new(range);

            // Neighbors and equals modulo the size of the table collide.
            int[] buckets =
            [
                .. Enumerable.Range(0, 6_000).Select(_ => random.Next(range) * (random.Next(2) == 0 ? 1 : 1_024)),
            ];
            foreach (int bucket in buckets)
            {
                table.Add(bucket);
            }

            Assert.Equal(
                buckets.GroupBy(bucket => bucket).Select(group => new FeatureCount(group.Key, group.Count())),
                table.Entries.ToArray()
            );
        }
    }
}
