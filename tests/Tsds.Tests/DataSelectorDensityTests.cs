using Tsds.Tests.TestPools;

namespace Tsds.Tests;

/// <summary>Densities and their bandwidth, as a selection chooses them.</summary>
public sealed class DataSelectorDensityTests
{
    /// <summary>
    /// Neighbors on a line: a copy of the target, then a distinct row at 0.5, and the last of the first 64 at 1.
    /// </summary>
    [Fact]
    public void EstimateBandwidth_ByHand_IsTwoFifthsOfTheMedianDistance()
    {
        double[] distances = [0.1, 0.5, .. Enumerable.Repeat(1.0, 62), 9];
        double[] near = [.. distances.Select(distance => distance / 10)];
        double[] copies = new double[distances.Length];
        double[] squares = [.. distances.Concat(near).Concat(copies).Select(distance => distance * distance)];
        NeighborTable table = new(3, distances.Length, new long[squares.Length], squares);

        // r = 0.5, 0.05, 0: what lies within a quarter of the 64th is a copy, and what comes after the 64th is not
        // looked at.
        Assert.Equal(0.4 * 0.05, DataSelector.EstimateBandwidth(table), 1e-15);
    }

    [Fact]
    public async Task EstimateBandwidth_OfTheNearest_IsTheAutomaticBandwidth()
    {
        using CandidatePool pool = Pool(Golden.ReadFloat32("syn_candidates.npy"), Normalization.L2, threads: 2);
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");
        NeighborTable nearest = await pool.FindNearestAsync(
            targets.Normalize(Normalization.L2),
            DataSelector.BandwidthNeighbors,
            cancellationToken: TestContext.Current.CancellationToken
        );
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            targets,
            new SelectionOptions
            {
                Budget = 20,
                Relevance = 0,
                Center = false,
            },
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(result.Bandwidth, DataSelector.EstimateBandwidth(nearest));
    }

    /// <summary>
    /// Over the neighbors, a row's density is the sum over the union of the rows near each target, itself included.
    /// </summary>
    [Fact]
    public async Task SelectAsync_DensityBaseNeighbors_SumsOverTheNearestOfEachTarget()
    {
        const int Near = 40;
        EmbeddingMatrix candidates = Vectors.Create(11, 10 * Near, 12, VectorKind.Clustered);
        EmbeddingMatrix targets = Vectors.Create(12, 5, 12, VectorKind.Spread).Normalize(Normalization.L2);
        using CandidatePool pool = Pool(candidates, Normalization.L2, threads: 2);
        CancellationToken token = TestContext.Current.CancellationToken;
        SelectionOptions options = new()
        {
            Budget = 100,
            Bandwidth = 0.9,
            DensityBase = DensityBase.Neighbors,
            EffectiveNeighbors = 30,
            Relevance = 0,
            Center = false,
        };
        SelectionResult result = await DataSelector.SelectAsync(pool, targets, options, null, token);

        NeighborTable table = await pool.FindNearestAsync(targets, Near, null, token);
        HashSet<long> near =
        [
            .. Enumerable.Range(0, targets.Count).SelectMany(target => table.CandidateIds(target).ToArray()),
        ];
        long[] population = [.. near.Order()];
        long[] reached = result.Plan.CandidateIds.ToArray();
        EmbeddingMatrix points = await pool.ReadEmbeddingsAsync(reached, token);
        EmbeddingMatrix all = await pool.ReadEmbeddingsAsync(population, token);
        Assert.Contains(reached, id => !near.Contains(id));
        for (int p = 0; p < reached.Length; p++)
        {
            double expected = near.Contains(reached[p]) ? 0 : 1;
            for (int j = 0; j < all.Count; j++)
            {
                expected += Math.Max(0, 1 - (Vectors.DistanceSquared(points[p], all[j]) / (0.9 * 0.9)));
            }

            Assert.Equal(expected, result.Plan.Densities.Span[p], 1e-6 * expected);
        }

        Assert.True(result.Certificate.IsCertified);
    }

    [Theory]
    [InlineData(new long[] { 3, 2 })]
    [InlineData(new long[] { 3, 3 })]
    [InlineData(new long[] { -1, 3 })]
    [InlineData(new long[] { 3, 20 })]
    public async Task EstimateDensitiesAsync_PopulationNotAscending_Throws(long[] population)
    {
        using CandidatePool pool = Pool(Vectors.Create(1, 20, 4, VectorKind.Spread), Normalization.L2, threads: 1);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await pool.EstimateDensitiesAsync(
                Vectors.Create(1, 2, 4, VectorKind.Spread),
                1,
                population,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
    }

    /// <summary>However many copies a pool is filled with, what counts as a copy stays what it was.</summary>
    [Fact]
    public async Task Bandwidth_PoolOfMostlyCopies_StaysWhatItWas()
    {
        const int Dimension = 24;
        EmbeddingMatrix candidates = Golden.ReadFloat32("syn_candidates.npy");
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");

        // Every tenth row copied 99 times: ten copies for each original row of the pool.
        float[] values = new float[(candidates.Count + (candidates.Count / 10 * 99)) * Dimension];
        candidates.Values.CopyTo(values);
        EmbeddingMatrix noise = Vectors.Create(9, values.Length / Dimension, Dimension, VectorKind.Spread);
        for (int row = candidates.Count; row < values.Length / Dimension; row++)
        {
            int original = (row - candidates.Count) / 99 * 10;
            for (int p = 0; p < Dimension; p++)
            {
                values[(row * Dimension) + p] = candidates[original][p] + (1e-3f * noise[row][p]);
            }
        }

        using CandidatePool plain = Pool(candidates, Normalization.L2, threads: 2);
        using CandidatePool copied = Pool(new EmbeddingMatrix(values, Dimension), Normalization.L2, threads: 2);
        SelectionOptions options = new() { Budget = 40 };
        SelectionResult before = await DataSelector.SelectAsync(
            plain,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        SelectionResult after = await DataSelector.SelectAsync(
            copied,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(before.Bandwidth, after.Bandwidth, 0.05 * before.Bandwidth);

        // And few of the rows drawn are copies of one another.
        int groups = after
            .CandidateIds.ToArray()
            .Select(id => id < candidates.Count ? id : (id - candidates.Count) / 99 * 10)
            .Distinct()
            .Count();
        Assert.True(groups >= 36, $"{groups} different rows among 40");
    }

    private static CandidatePool Pool(EmbeddingMatrix matrix, Normalization normalization, int threads) =>
        CandidatePool.FromEmbeddings(
            matrix,
            new CandidatePoolOptions { Normalization = normalization, ThreadCount = threads }
        );
}
