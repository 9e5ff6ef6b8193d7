using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Explore;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Evaluation.Protocol;

public sealed class CachedPoolTests
{
    private const int Dimension = 24;
    private const int Wanted = 20;

    /// <summary>
    /// The second view's costs differ from the first's by so much; whether that is little enough to rank what is known,
    /// null where it may be either.
    /// </summary>
    [Theory]
    [InlineData(0.0001f, true)]
    [InlineData(0.001f, true)]
    [InlineData(0.03f, null)]
    [InlineData(2f, false)]
    public async Task FindNearestAsync_AViewNearlyTheSame_RanksWhatIsKnownAsASearchDoes(float difference, bool? isNear)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(3, 3_000, Dimension, VectorKind.Spread));
        CountingPool counter = new(pool);
        CachedPool cached = new(counter);
        float[] mean = [.. Enumerable.Range(0, Dimension).Select(i => 0.01f * i)];
        float[] direction = [.. Enumerable.Range(0, Dimension).Select(i => 0.1f * MathF.Cos(i))];
        float[] other = [.. direction.Select((value, i) => value + (difference * MathF.Sin(3 * i)))];
        PoolView first = new(mean, direction, 0.2);
        PoolView second = new(mean, other, 0.2 + difference);
        EmbeddingMatrix targets = first.Apply(
            Vectors.Create(4, 30, Dimension, VectorKind.Spread).Normalize(Normalization.L2)
        );
        CancellationToken token = TestContext.Current.CancellationToken;
        await cached.WithView(first).FindNearestAsync(targets, Wanted, null, token);
        long asked = counter.Answers;

        NeighborTable found = await cached.WithView(second).FindNearestAsync(targets, Wanted, null, token);

        NeighborTable expected = await pool.WithView(second).FindNearestAsync(targets, Wanted, null, token);
        for (int target = 0; target < targets.Count; target++)
        {
            Assert.Equal(expected.CandidateIds(target).ToArray(), found.CandidateIds(target).ToArray());
            Assert.Equal(expected.DistancesSquared(target).ToArray(), found.DistancesSquared(target).ToArray());
        }

        Assert.Equal(isNear ?? counter.Answers == asked, counter.Answers == asked);
    }

    [Fact]
    public void SlackBetween_ViewsThatShareNoMean_HasNoBound()
    {
        float[] direction = [1, 0];
        PoolView one = new(new float[] { 0.1f, 0 }, direction, 0);

        Assert.Equal(
            double.PositiveInfinity,
            NearbyView.SlackBetween(one, new PoolView(new float[] { 0.2f, 0 }, direction, 0), Normalization.L2)
        );
        Assert.Equal(double.PositiveInfinity, NearbyView.SlackBetween(one, one, Normalization.None));
        Assert.InRange(NearbyView.SlackBetween(one, one, Normalization.L2), 0, 1e-5);
    }
}
