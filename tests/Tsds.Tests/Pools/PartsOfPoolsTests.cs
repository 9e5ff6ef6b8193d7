namespace Tsds.Tests.Pools;

/// <summary>The members of the core that a pool made of parts needs.</summary>
public sealed class PartsOfPoolsTests
{
    [Fact]
    public void PopulationWithin_IdsOfSeveralParts_CountFromTheFirstOfThePart()
    {
        long[] population = [0, 4, 5, 8, 9];
        Assert.Equal([0L, 1], CandidatePool.PopulationWithin(population, 4, 4)!.Value.ToArray());
        Assert.Empty(CandidatePool.PopulationWithin(population, 1, 3)!.Value.ToArray());
        Assert.Null(CandidatePool.PopulationWithin(null, 4, 4));
    }

    [Fact]
    public void Merge_TablesOfTwoParts_IsTheTableOfThePool()
    {
        NeighborTable first = new(1, 2, [0, 1], [1.0, 4.0]);
        NeighborTable second = new(1, 2, [0, NeighborTable.NoCandidate], [1.0, double.PositiveInfinity]);
        NeighborTable merged = NeighborTable.Merge(NeighborTable.Empty(1), first, 0, 3);
        merged = NeighborTable.Merge(merged, second, 10, 3);
        Assert.Equal([0L, 10, 1], merged.CandidateIds(0).ToArray());
        Assert.Equal([1.0, 1, 4], merged.DistancesSquared(0).ToArray());
    }

    [Fact]
    public void Merge_OtherNumbersOfQueries_IsRefused()
    {
        Assert.Throws<ArgumentException>(() =>
            NeighborTable.Merge(NeighborTable.Empty(1), NeighborTable.Empty(2), 0, 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => NeighborTable.Empty(-1));
    }

    [Fact]
    public async Task FindWithin_ALimitForEachTarget_KeepsTheRestOut()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using CandidatePool pool = CandidatePool.FromEmbeddings(new EmbeddingMatrix(new float[] { 1, 0, 0, 1 }, 2));
        EmbeddingMatrix targets = new(new float[] { 1, 0 }, 2);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await pool.FindWithinAsync(targets, 1, [], null, token)
        );
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await pool.FindWithinAsync(targets, 3, [1], null, token)
        );
        NeighborTable found = await pool.FindWithinAsync(targets, 2, [0.5], null, token);
        Assert.Equal([0L, NeighborTable.NoCandidate], found.CandidateIds(0).ToArray());
    }
}
