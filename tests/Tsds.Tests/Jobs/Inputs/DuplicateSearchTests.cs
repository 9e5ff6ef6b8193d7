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

    /// <summary>
    /// More rows than are searched at once, in crowds with more rows within the bandwidth than are looked at, some of
    /// which touch only where the crowd's other rows are nearer.
    /// </summary>
    [Fact]
    public async Task FindAsync_RowsOfSeveralBlocks_AreThoseOfTheDefinition()
    {
        const int Rows = 4_500;
        const double Reach = 0.5;
        Random random = new(7);
        float[] values = new float[2 * Rows];
        for (int row = 0; row < Rows; row++)
        {
            int crowd = random.Next(12);
            values[2 * row] = (crowd % 4 * 1.4f) + (float)random.NextDouble();
            values[(2 * row) + 1] = (crowd / 4 * 40f) + (float)random.NextDouble();
        }

        EmbeddingMatrix matrix = new(values, 2);
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            matrix,
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        DuplicateRow[] rows = [.. Enumerable.Range(0, Rows).Select(row => new DuplicateRow(row, row, 1))];
        IReadOnlyList<DuplicateGroup> clusters = await DuplicateSearch.FindAsync(
            pool,
            rows,
            Reach,
            _folder["scratch.npy"],
            2,
            TestContext.Current.CancellationToken
        );

        (int[] roots, double[] nearest) = Defined(matrix, Reach);
        Assert.Equal(
            Enumerable.Range(0, Rows).GroupBy(row => roots[row]).Where(group => group.Count() > 1).Select(Line),
            clusters.Select(cluster => Line(cluster.Members.Select(member => (int)member.Row)))
        );
        Assert.All(
            clusters.SelectMany(cluster => cluster.Members),
            member => Assert.Equal(nearest[member.Row], member.NearestDistance, 1e-12)
        );
        Assert.InRange(clusters.Count, 3, 12);
    }

    private static string Line(IEnumerable<int> rows) => string.Join(' ', rows);

    /// <summary>Joins each row with the nearer than <paramref name="reach"/> of its 64 nearest, pair by pair.</summary>
    private static (int[] Roots, double[] Nearest) Defined(EmbeddingMatrix rows, double reach)
    {
        int[] roots = [.. Enumerable.Range(0, rows.Count)];
        double[] nearest = new double[rows.Count];
        int Root(int row) => roots[row] == row ? row : roots[row] = Root(roots[row]);
        double[] distances = new double[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int other = 0; other < rows.Count; other++)
            {
                double across = (double)rows[row][0] - rows[other][0];
                double up = (double)rows[row][1] - rows[other][1];
                distances[other] = other == row ? double.PositiveInfinity : Math.Sqrt((across * across) + (up * up));
            }

            int[] joined =
            [
                .. Enumerable.Range(0, rows.Count).Where(i => distances[i] < reach).OrderBy(i => distances[i]).Take(64),
            ];
            nearest[row] = joined.Length > 0 ? distances[joined[0]] : double.PositiveInfinity;
            foreach (int other in joined)
            {
                (int first, int second) = (Root(row), Root(other));
                roots[Math.Max(first, second)] = Math.Min(first, second);
            }
        }

        return ([.. Enumerable.Range(0, rows.Count).Select(Root)], nearest);
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
