using CsCheck;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Pools;

/// <summary>A filtered pool is the pool with its hidden rows removed, except for the ids.</summary>
public sealed class FilteredPoolTests
{
    private const int Dimension = 5;

    private static readonly Gen<(int Seed, int Count, VectorKind Kind, bool[] IsHidden)> Pools =
        from seed in Gen.Int[0, 1_000_000]
        from count in Gen.Int[2, 260]
        from kind in Vectors.Kinds.Where(kind => kind != VectorKind.Lengths)
        from share in Gen.Double[0, 1]
        from hidden in Gen.Double[0, 1].Select(value => value < share).Array[count]
        where hidden.Contains(false)
        select (seed, count, kind, hidden);

    [Theory]
    [InlineData(Regularizer.Density, DensityBase.Pool)]
    [InlineData(Regularizer.Density, DensityBase.Neighbors)]
    [InlineData(Regularizer.Uniform, DensityBase.Pool)]
    [InlineData(Regularizer.TotalVariation, DensityBase.Pool)]
    public async Task SelectAsync_HiddenCandidates_IsTheSelectionFromThePoolWithoutThem(
        Regularizer regularizer,
        DensityBase densityBase
    )
    {
        await Pools.SampleAsync(
            async problem =>
            {
                EmbeddingMatrix all = Vectors.Create(problem.Seed, problem.Count, Dimension, problem.Kind);
                EmbeddingMatrix targets = Vectors.Create(problem.Seed + 1, 3, Dimension, VectorKind.Spread);
                int[] left = [.. Enumerable.Range(0, problem.Count).Where(row => !problem.IsHidden[row])];
                long[] hidden =
                [
                    .. Enumerable.Range(0, problem.Count).Where(row => problem.IsHidden[row]).Select(row => (long)row),
                ];
                CandidatePoolOptions poolOptions = new() { ThreadCount = 1, Normalization = Normalization.None };
                using CandidatePool whole = CandidatePool.FromEmbeddings(all, poolOptions);
                using CandidatePool removed = CandidatePool.FromEmbeddings(all.Gather(left), poolOptions);
                SelectionOptions options = new()
                {
                    Budget = Math.Max(1, left.Length / 4),
                    Regularizer = regularizer,
                    DensityBase = densityBase,
                    ThreadCount = 1,
                };

                SelectionResult expected = await DataSelector.SelectAsync(removed, targets, options);
                SelectionResult result = await DataSelector.SelectAsync(
                    new FilteredPool(whole, hidden),
                    targets,
                    options
                );

                Assert.Equal(expected.Certificate, result.Certificate);
                Assert.True(result.Certificate.IsCertified);
                Assert.Equal(
                    Array.ConvertAll(expected.CandidateIds.ToArray(), id => (long)left[id]),
                    result.CandidateIds.ToArray()
                );
                Assert.Equal(expected.Counts.ToArray(), result.Counts.ToArray());
                Assert.Equal(expected.Plan.Probabilities.ToArray(), result.Plan.Probabilities.ToArray());
                Assert.Equal(expected.Plan.Densities.ToArray(), result.Plan.Densities.ToArray());
                Assert.Equal(expected.Path, result.Path);
                Assert.Equal(expected.Targets, result.Targets);
            },
            iter: 60,
            threads: 1
        );
    }

    [Fact]
    public async Task FindNearestAsync_AllNearestHidden_SearchesOn()
    {
        // The hidden rows are the 1,000 nearest: more than any first guess.
        float[] values = [.. Enumerable.Range(0, 1_500).Select(row => (float)row)];
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            new EmbeddingMatrix(values, 1),
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        FilteredPool filtered = new(pool, Enumerable.Range(0, 1_000).Select(row => (long)row).ToArray());

        NeighborTable table = await filtered.FindNearestAsync(
            new EmbeddingMatrix(new float[] { 0, 1_400 }, 1),
            3,
            null,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(500, filtered.Count);
        Assert.Equal([1_000, 1_001, 1_002], table.CandidateIds(0).ToArray());
        Assert.Equal([1_400, 1_399, 1_401], table.CandidateIds(1).ToArray());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await filtered.FindNearestAsync(
                new EmbeddingMatrix(new float[] { 0 }, 1),
                501,
                null,
                TestContext.Current.CancellationToken
            )
        );
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 2)]
    [InlineData(0, 9)]
    public void Create_IdsNotAscending_Throws(long first, long second)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(1, 8, 2, VectorKind.Spread));
        Assert.Throws<ArgumentException>(() => new FilteredPool(pool, new[] { first, second }));
    }
}
