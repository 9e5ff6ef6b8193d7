using Tsds.Evaluation.Maps;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Maps;

public sealed class NeighborEmbeddingTests
{
    private const int Dimension = 24;
    private const int Clusters = 12;

    [Fact]
    public async Task CreateAsync_AnyThreads_IsTheSame()
    {
        EmbeddingMatrix rows = Points(13_000, 1);
        EmbeddingMatrix targets = Points(40, 2);

        float[] one = await MapAsync(rows, targets, 1);
        float[] many = await MapAsync(rows, targets, 3);

        Assert.Equal(one, many);
        Assert.All(one, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public async Task CreateAsync_ClusteredRows_KeepsNeighborsBetterThanPrincipalAxes()
    {
        EmbeddingMatrix rows = Points(1_500, 3);
        EmbeddingMatrix targets = Points(24, 4);
        float[] map = await MapAsync(rows, targets, 2);
        PrincipalPlane plane = PrincipalPlane.Fit(rows, targets);
        double[] axes =
        [
            .. Enumerable
                .Range(0, rows.Count)
                .SelectMany(row =>
                {
                    (double x, double y) = plane.Project(rows[row]);
                    return new[] { x, y };
                }),
        ];

        double kept = SharedNeighbors(rows, [.. map.Take(2 * rows.Count).Select(value => (double)value)]);
        double keptByAxes = SharedNeighbors(rows, axes);

        Assert.True(kept > 2 * keptByAxes, $"The map keeps {kept:P1} of neighbors, principal axes {keptByAxes:P1}.");
    }

    [Fact]
    public void ChooseLandmarks_LargePool_HoldsEveryNeededRowAndTarget()
    {
        long[] needed = [.. Enumerable.Range(0, 700).Select(i => 137L * i)];

        int[] landmarks = NeighborEmbedding.ChooseLandmarks(100_000, 60, needed);

        Assert.Equal(NeighborEmbedding.LandmarkCount, landmarks.Length);
        Assert.Equal(landmarks.Order().Distinct(), landmarks);
        Assert.Subset(landmarks.Select(point => (long)point).ToHashSet(), needed.ToHashSet());
        Assert.Equal(Enumerable.Range(100_000, 60), landmarks[^60..]);
    }

    [Fact]
    public async Task CreateAsync_RowsThatAreTheSame_LieInOnePlaceOrNearIt()
    {
        EmbeddingMatrix some = Points(60, 5);
        float[] values = [.. some.Values.ToArray(), .. some.Values.ToArray()];

        float[] map = await MapAsync(new EmbeddingMatrix(values, Dimension), Points(3, 6), 2);

        Assert.All(map, value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 2)]
    public async Task CreateAsync_FewRows_PlacesThem(int rows, int targets)
    {
        float[] map = await MapAsync(Points(rows, 7), Points(targets, 8), 2);

        Assert.Equal(2 * (rows + targets), map.Length);
        Assert.All(map, value => Assert.True(float.IsFinite(value)));
    }

    private static async Task<float[]> MapAsync(EmbeddingMatrix rows, EmbeddingMatrix targets, int threads)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            rows,
            new CandidatePoolOptions { ThreadCount = threads }
        );
        return await NeighborEmbedding.CreateAsync(
            pool,
            targets.Normalize(pool.Normalization),
            [0],
            threads,
            null,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Returns the share of the ten nearest rows of a row that are among its ten nearest on a map.</summary>
    private static double SharedNeighbors(EmbeddingMatrix rows, double[] map)
    {
        const int K = 10;
        int shared = 0;
        for (int row = 0; row < rows.Count; row += 7)
        {
            int[] near = Nearest(rows.Count, row, K, other => Distance(rows[row], rows[other]));
            int[] shown = Nearest(
                rows.Count,
                row,
                K,
                other =>
                    Math.Pow(map[2 * row] - map[2 * other], 2) + Math.Pow(map[(2 * row) + 1] - map[(2 * other) + 1], 2)
            );
            shared += near.Intersect(shown).Count();
        }

        return shared / (double)(K * ((rows.Count + 6) / 7));
    }

    private static int[] Nearest(int count, int row, int k, Func<int, double> distance) =>
        [.. Enumerable.Range(0, count).Where(other => other != row).OrderBy(distance).Take(k)];

    private static double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
        }

        return sum;
    }

    /// <summary>Returns points around centers that all points of all seeds share.</summary>
    private static EmbeddingMatrix Points(int count, int seed)
    {
        Random centers = new(99);
        double[][] center = [.. Enumerable.Range(0, Clusters).Select(_ => Gauss(centers))];
        Random random = new(seed);
        float[] values = new float[count * Dimension];
        for (int row = 0; row < count; row++)
        {
            double[] around = center[random.Next(Clusters)];
            double[] noise = Gauss(random);
            for (int i = 0; i < Dimension; i++)
            {
                values[(row * Dimension) + i] = (float)(around[i] + (0.4 * noise[i]));
            }
        }

        return new EmbeddingMatrix(values, Dimension).Normalize(Normalization.L2);
    }

    private static double[] Gauss(Random random) =>
        [
            .. Enumerable
                .Range(0, Dimension)
                .Select(_ =>
                    Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
                ),
        ];
}
