using CsCheck;

namespace Tsds.Tests.Neighbors;

/// <summary>Searches that look no farther than a limit, and their merging.</summary>
public sealed class NeighborLimitTests
{
    [Fact]
    public void FindWithin_AnyLimit_IsTheTableUpToIt() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 8], Gen.Int[0, 1_000], Gen.Double[0, 3])
            .Sample(
                (count, k, seed, limit) =>
                {
                    k = Math.Min(k, count);
                    EmbeddingMatrix targets = Grid(3, seed + 1);
                    using CandidatePool pool = CandidatePool.FromEmbeddings(
                        Grid(count, seed),
                        new CandidatePoolOptions { Normalization = Normalization.None }
                    );
                    NeighborTable all = pool.FindNearestAsync(targets, k).AsTask().GetAwaiter().GetResult();
                    NeighborTable near = pool.FindWithinAsync(
                            targets,
                            k,
                            [limit, limit, double.PositiveInfinity],
                            null,
                            default
                        )
                        .AsTask()
                        .GetAwaiter()
                        .GetResult();
                    for (int query = 0; query < 3; query++)
                    {
                        for (int n = 0; n < k; n++)
                        {
                            bool isWanted = query == 2 || all.DistancesSquared(query)[n] <= limit;
                            Assert.Equal(
                                isWanted ? all.CandidateIds(query)[n] : NeighborTable.NoCandidate,
                                near.CandidateIds(query)[n]
                            );
                            Assert.Equal(
                                isWanted ? all.DistancesSquared(query)[n] : double.PositiveInfinity,
                                near.DistancesSquared(query)[n]
                            );
                        }
                    }
                },
                iter: 200
            );

    [Fact]
    public void Merge_PartsInAnyOrder_IsTheSearchOfAll() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int[1, 8], Gen.Int[0, 1_000], Gen.Bool)
            .Sample(
                (count, k, seed, isReversed) =>
                {
                    k = Math.Min(k, count);
                    int cut = 1 + (seed % (count - 1));
                    EmbeddingMatrix rows = Grid(count, seed);
                    EmbeddingMatrix targets = Grid(3, seed + 1);
                    CandidatePoolOptions options = new() { Normalization = Normalization.None };
                    using CandidatePool whole = CandidatePool.FromEmbeddings(rows, options);
                    using CandidatePool first = CandidatePool.FromEmbeddings(
                        rows.Gather([.. Enumerable.Range(0, cut)]),
                        options
                    );
                    using CandidatePool second = CandidatePool.FromEmbeddings(
                        rows.Gather([.. Enumerable.Range(cut, count - cut)]),
                        options
                    );
                    double[] none = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
                    NeighborTable merged = NeighborTable.Empty(3);
                    foreach (
                        (CandidatePool part, int firstId) in isReversed
                            ? new[] { (second, cut), (first, 0) }
                            : [(first, 0), (second, cut)]
                    )
                    {
                        NeighborTable found = part.FindWithinAsync(
                                targets,
                                (int)Math.Min(k, part.Count),
                                none,
                                null,
                                default
                            )
                            .AsTask()
                            .GetAwaiter()
                            .GetResult();
                        merged = NeighborTable.Merge(merged, found, firstId, k);
                    }

                    NeighborTable expected = whole.FindNearestAsync(targets, k).AsTask().GetAwaiter().GetResult();
                    for (int query = 0; query < 3; query++)
                    {
                        Assert.Equal(expected.CandidateIds(query).ToArray(), merged.CandidateIds(query).ToArray());
                        Assert.Equal(
                            expected.DistancesSquared(query).ToArray(),
                            merged.DistancesSquared(query).ToArray()
                        );
                    }
                },
                iter: 200
            );

    /// <summary>Points of a small grid: equal distances are the rule.</summary>
    private static EmbeddingMatrix Grid(int count, int seed) =>
        new(Enumerable.Range(0, 2 * count).Select(i => (float)(((i + 1) * (seed + 7) * 31 % 13) % 3)).ToArray(), 2);
}
