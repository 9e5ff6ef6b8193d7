using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Inputs;

/// <summary>Clusters against their definition, taken pair by pair.</summary>
public sealed class DuplicateSearchTests : IDisposable
{
    private const double Bandwidth = 0.1;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// 0 – 0.08 – 0.16 is one cluster although its ends are farther apart than the bandwidth; 0.5 is alone; 0.7 is
    /// there three times.
    /// </summary>
    [Fact]
    public async Task FindAsync_ChainAndCopies_AreTakenTransitively()
    {
        float[] places = [0, 0.7f, 0.08f, 0.5f, 0.7f, 0.16f, 0.7f];
        IReadOnlyList<DuplicateGroup> clusters = await FindAsync(places);

        Assert.Equal(2, clusters.Count);
        Assert.Equal([0L, 2, 5], clusters[0].Members.Select(member => member.Row));
        Assert.Equal(2, clusters[0].Representative);
        Assert.Equal([0.08, 0, 0.08], clusters[0].Members.Select(member => member.Distance), Near);
        Assert.Equal([0.08, 0.08, 0.08], clusters[0].Members.Select(member => member.NearestDistance), Near);
        Assert.Equal([1L, 4, 6], clusters[1].Members.Select(member => member.Row));
        Assert.Equal(1, clusters[1].Representative);
        Assert.All(clusters[1].Members, member => Assert.Equal((0, 0), (member.Distance, member.NearestDistance)));
        Assert.Equal([0, 1], clusters.Select(cluster => cluster.Cluster));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task FindAsync_RandomPlaces_AreThoseOfTheDefinition(int seed)
    {
        Random random = new(seed);
        float[] places = [.. Enumerable.Range(0, 90).Select(_ => (float)(random.NextDouble() * 6))];
        IReadOnlyList<DuplicateGroup> clusters = await FindAsync(places);

        // On a line, clusters are the runs without a gap of the bandwidth.
        int[] order = [.. Enumerable.Range(0, places.Length).OrderBy(i => places[i])];
        List<List<long>> runs =
        [
            [order[0]],
        ];
        foreach ((int before, int next) in order.Zip(order.Skip(1)))
        {
            if (places[next] - places[before] >= Bandwidth)
            {
                runs.Add([]);
            }

            runs[^1].Add(next);
        }

        Assert.Equal(
            runs.Where(run => run.Count > 1).Select(run => string.Join(' ', run.Order())).Order(StringComparer.Ordinal),
            clusters
                .Select(cluster => string.Join(' ', cluster.Members.Select(member => member.Row)))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(clusters.OrderBy(cluster => cluster.Members[0].Row), clusters);
        Assert.Contains(clusters, cluster => cluster.DrawnCount < cluster.Members.Count);
        Assert.Contains(clusters, cluster => cluster.DrawnCount > 0);
    }

    [Fact]
    public async Task FindAsync_MoreCopiesThanNeighborsLookedAt_StayTogether()
    {
        IReadOnlyList<DuplicateGroup> clusters = await FindAsync([
            .. Enumerable.Repeat(0.25f, 150),
            .. Enumerable.Repeat(0.9f, 2),
        ]);
        Assert.Equal([150, 2], clusters.Select(cluster => cluster.Members.Count));
    }

    private async Task<IReadOnlyList<DuplicateGroup>> FindAsync(float[] places)
    {
        float[] values = [.. places.SelectMany(place => new[] { place, 0 })];
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            new EmbeddingMatrix(values, 2),
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            new EmbeddingMatrix(new float[] { 0, 0.3f, 4, 0.2f }, 2),
            new SelectionOptions
            {
                Budget = Math.Max(1, places.Length / 3),
                Alpha = 0,
                Bandwidth = Bandwidth,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        return await DuplicateSearch.FindAsync(
            pool,
            result,
            _folder["scratch.npy"],
            2,
            TestContext.Current.CancellationToken
        );
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;
}
