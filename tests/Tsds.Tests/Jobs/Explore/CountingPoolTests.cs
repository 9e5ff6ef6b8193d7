using Tsds.Jobs.Explore;

namespace Tsds.Tests.Jobs.Explore;

public sealed class CountingPoolTests : IDisposable
{
    private static readonly long[] KnownRows = [5, 7];
    private static readonly float[] Mean = [0.1f, 0.2f];
    private static readonly long[] Asked = [5, 6, 7];
    private static readonly double[] Known = [42, 43];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EstimateDensitiesAsync_KnownOnes_AsksForTheOthersAlone()
    {
        using (NpyWriter writer = new(_folder["pool.npy"], 2))
        {
            for (int row = 0; row < 40; row++)
            {
                writer.Append([MathF.Cos(row / 9f), MathF.Sin(row / 9f)]);
            }

            writer.Complete();
        }

        using CandidatePool pool = CandidatePool.OpenNpy([_folder["pool.npy"]]);
        CountingPool counter = new(pool);
        CancellationToken token = TestContext.Current.CancellationToken;
        PoolView view = new(Mean, default, 0);
        ICandidatePool seen = counter.WithView(view);
        EmbeddingMatrix points = await seen.ReadEmbeddingsAsync(Asked, token);
        double[] estimated = await pool.WithView(view).EstimateDensitiesAsync(points, 0.5, null, null, token);

        counter.Recall(new KnownDensities(0.5, KnownRows, Known));
        double[] recalled = await seen.EstimateDensitiesAsync(points, 0.5, null, null, token);
        long asked = counter.Answers;
        double[] wider = await seen.EstimateDensitiesAsync(points, 0.6, null, null, token);
        counter.Recall(null);
        double[] forgotten = await seen.EstimateDensitiesAsync(points, 0.5, null, null, token);

        Assert.Equal([42, estimated[1], 43], recalled);
        Assert.Equal(1, asked);
        Assert.All(wider, density => Assert.InRange(density, 1, 40));
        Assert.Equal(estimated, forgotten);
        Assert.Equal(7, counter.Answers);
    }
}
