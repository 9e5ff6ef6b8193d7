using CsCheck;
using Tsds.Jobs.Inputs;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Jobs.Inputs;

public sealed class NearSearchTests
{
    [Fact]
    public async Task FindAsync_AnyPool_FindsTheNearestPointOfEachCandidateWithinTheDistance()
    {
        await Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 400], Gen.Int[1, 9], Vectors.Kinds, Gen.Double[0, 1.5])
            .SampleAsync(
                async (seed, count, points, kind, distance) =>
                {
                    using CandidatePool pool = CandidatePool.FromEmbeddings(
                        Vectors.Create(seed, count, 4, kind),
                        new CandidatePoolOptions { ThreadCount = 1 }
                    );
                    EmbeddingMatrix queries = Vectors
                        .Create(seed + 1, points, 4, VectorKind.Copies)
                        .Normalize(Normalization.L2);
                    Dictionary<long, (int Point, double Distance)> found = await NearSearch.FindAsync(
                        pool,
                        queries,
                        distance,
                        null,
                        CancellationToken.None
                    );

                    EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(
                        Enumerable.Range(0, count).Select(row => (long)row).ToArray()
                    );
                    for (int row = 0; row < count; row++)
                    {
                        (double nearest, int point) = Enumerable
                            .Range(0, points)
                            .Select(p => (Math.Sqrt(Vectors.DistanceSquared(queries[p], rows[row])), p))
                            .Min();
                        Assert.Equal(nearest <= distance, found.ContainsKey(row));
                        if (nearest <= distance)
                        {
                            Assert.Equal((point, nearest), found[row]);
                        }
                    }
                },
                iter: 100,
                threads: 1
            );
    }
}
