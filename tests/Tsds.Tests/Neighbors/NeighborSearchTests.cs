using CsCheck;
using Tsds.Neighbors;
using Tsds.Numerics;
using Tsds.Pools;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Neighbors;

public sealed class NeighborSearchTests
{
    private static readonly Gen<(int Seed, int Candidates, int Targets, int Dimension, VectorKind Kind)> Shapes =
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 400], Gen.Int[1, 60], Gen.Int[1, 270], Vectors.Kinds);

    [Fact]
    public async Task FindAsync_AnyShape_EqualsBruteForceToTheBit() =>
        await Gen.Select(
                Shapes,
                Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 2]),
                Gen.Int[1, 3],
                Gen.Double[0, 1]
            )
            .SampleAsync(
                async (shape, scan, threads, share) =>
                {
                    EmbeddingMatrix candidates = Vectors.Create(
                        shape.Seed,
                        shape.Candidates,
                        shape.Dimension,
                        shape.Kind
                    );

                    // Some targets are candidates: distance 0 and its ties.
                    EmbeddingMatrix targets =
                        shape.Seed % 3 == 0
                            ? candidates.Gather([
                                .. Enumerable.Range(0, shape.Targets).Select(i => i * 7 % shape.Candidates),
                            ])
                            : Vectors.Create(shape.Seed + 1, shape.Targets, shape.Dimension, shape.Kind);
                    int k = 1 + (int)(share * (shape.Candidates - 1));
                    NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None);
                    (int lane, int precision, int shortcuts) = scan;
                    ScanSettings settings = new(
                        threads,
                        (RegisterKind)lane,
                        (ScanPrecision)precision,
                        null,
                        CancellationToken.None
                    )
                    {
                        Shortcuts = (ScanShortcuts)shortcuts,
                    };
                    NeighborTable table = await NeighborSearch.FindAsync(source, targets, k, settings);
                    AssertEqualsBruteForce(candidates, targets, table);
                },
                iter: 300,
                threads: 1
            );

    [Theory]
    [InlineData(5)]
    [InlineData(120)]
    [InlineData(700)]
    public async Task FindAsync_PilotPredictsTooLittle_FindsAllTheSame(int k)
    {
        // Rows that the pilot reads are copies of the targets, the others are not: what it predicts is far too near.
        const int Count = 5_000;
        EmbeddingMatrix targets = Vectors.Create(5, 9, 40, VectorKind.Spread);
        float[] values = Vectors.Create(6, Count, 40, VectorKind.Spread).Values.ToArray();
        for (int row = 0; row < Count; row++)
        {
            if (row % 512 < 16)
            {
                targets[row % 9].CopyTo(values.AsSpan(row * 40));
            }
        }

        EmbeddingMatrix candidates = new(values, 40);
        ScanSettings settings = new(
            2,
            CandidateScan.WidestLane,
            CandidateScan.FastestPrecision,
            null,
            CancellationToken.None
        )
        {
            Shortcuts = ScanShortcuts.Always,
        };
        NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None);
        AssertEqualsBruteForce(candidates, targets, await NeighborSearch.FindAsync(source, targets, k, settings));
    }

    [Fact]
    public async Task FindNearestAsync_ShardsAndThreads_GiveTheSameBytes() =>
        await Gen.Select(Shapes, Gen.Int[1, 3], Gen.Int[2, 4])
            .SampleAsync(
                async (shape, threads, shards) =>
                {
                    CancellationToken token = TestContext.Current.CancellationToken;
                    EmbeddingMatrix candidates = Vectors.Create(
                        shape.Seed,
                        shape.Candidates,
                        shape.Dimension,
                        shape.Kind
                    );
                    EmbeddingMatrix targets = Vectors.Create(
                        shape.Seed + 1,
                        shape.Targets,
                        shape.Dimension,
                        VectorKind.Spread
                    );
                    using CandidatePool whole = CandidatePool.FromEmbeddings(
                        candidates,
                        new CandidatePoolOptions { ThreadCount = 1 }
                    );
                    int k = Math.Max(1, shape.Candidates / 3);
                    NeighborTable expected = await whole.FindNearestAsync(
                        targets.Normalize(Normalization.L2),
                        k,
                        null,
                        token
                    );

                    int[] cuts = [.. Enumerable.Range(0, shards + 1).Select(i => shape.Candidates * i / shards)];
                    CandidatePool[] parts =
                    [
                        .. Enumerable
                            .Range(0, shards)
                            .Select(i =>
                                CandidatePool.FromEmbeddings(
                                    candidates.Gather([.. Enumerable.Range(cuts[i], cuts[i + 1] - cuts[i])]),
                                    new CandidatePoolOptions { ThreadCount = threads }
                                )
                            ),
                    ];
                    ShardedPool sharded = new(parts);
                    NeighborTable found = await sharded.FindNearestAsync(
                        targets.Normalize(Normalization.L2),
                        k,
                        null,
                        token
                    );
                    AssertSame(expected, found);
                    long[] ids =
                    [
                        .. Enumerable.Range(0, shape.Candidates).Select(i => (long)(i * 31 % shape.Candidates)),
                    ];
                    EmbeddingMatrix points = await sharded.ReadEmbeddingsAsync(ids, token);
                    Assert.Equal(
                        (await whole.ReadEmbeddingsAsync(ids, token)).Values.ToArray(),
                        points.Values.ToArray()
                    );
                    Assert.Equal(
                        await whole.EstimateDensitiesAsync(points, 0.7, cancellationToken: token),
                        await sharded.EstimateDensitiesAsync(points, 0.7, cancellationToken: token)
                    );
                    long[] population =
                    [
                        .. Enumerable.Range(0, shape.Candidates).Where(i => i % 3 == 1).Select(i => (long)i),
                    ];
                    Assert.Equal(
                        await whole.EstimateDensitiesAsync(points, 0.7, population, cancellationToken: token),
                        await sharded.EstimateDensitiesAsync(points, 0.7, population, cancellationToken: token)
                    );
                    Array.ForEach(parts, part => part.Dispose());
                },
                iter: 80,
                threads: 1
            );

    [Fact]
    public async Task FindNearestAsync_Progress_EndsAtTheCount()
    {
        List<long> reports = [];
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            Vectors.Create(1, 1000, 8, VectorKind.Spread),
            new CandidatePoolOptions { ThreadCount = 1 }
        );
        await pool.FindNearestAsync(
            Vectors.Create(2, 3, 8, VectorKind.Spread),
            5,
            new Collector(reports),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(1000, reports[^1]);
        Assert.Equal(reports.Order(), reports);
    }

    [Fact]
    public async Task FindNearestAsync_Cancelled_Stops()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(1, 1000, 8, VectorKind.Spread));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await pool.FindNearestAsync(
                Vectors.Create(2, 3, 8, VectorKind.Spread),
                5,
                null,
                new CancellationToken(canceled: true)
            )
        );
    }

    private static void AssertEqualsBruteForce(EmbeddingMatrix candidates, EmbeddingMatrix targets, NeighborTable table)
    {
        for (int i = 0; i < targets.Count; i++)
        {
            int target = i;
            (double DistanceSquared, long Id)[] expected =
            [
                .. Enumerable
                    .Range(0, candidates.Count)
                    .Select(j => (Vectors.DistanceSquared(candidates[j], targets[target]), (long)j))
                    .Order()
                    .Take(table.K),
            ];
            Assert.Equal(expected.Select(neighbor => neighbor.Id), table.CandidateIds(i).ToArray());
            Assert.Equal(expected.Select(neighbor => neighbor.DistanceSquared), table.DistancesSquared(i).ToArray());
        }
    }

    private static void AssertSame(NeighborTable expected, NeighborTable found)
    {
        Assert.Equal(expected.K, found.K);
        for (int i = 0; i < expected.QueryCount; i++)
        {
            Assert.Equal(expected.CandidateIds(i).ToArray(), found.CandidateIds(i).ToArray());
            Assert.Equal(expected.DistancesSquared(i).ToArray(), found.DistancesSquared(i).ToArray());
        }
    }

    private sealed class Collector(List<long> reports) : IProgress<long>
    {
        public void Report(long value) => reports.Add(value);
    }
}
