using Tsds.Tests.TestPools;

namespace Tsds.Tests.Tasks;

/// <summary>Relevance at its boundaries, and what a result tells of it.</summary>
public sealed class RelevanceTests
{
    private static readonly SelectionOptions Defaults = new() { Budget = 1, ThreadCount = 1 };

    [Fact]
    public async Task Relevance_OfTheCandidates_MeansWhatItSays()
    {
        TaskPool problem = TaskPool.Create(3, 800, 41, 16);
        SelectionResult result = await SelectAsync(problem, Defaults with { Budget = 40, EffectiveNeighbors = 800 });
        TaskRelevance relevance = Assert.Single(result.Relevance);
        Assert.InRange(relevance.Reliability, 0.8, 1);
        Assert.Equal(800, relevance.Scores.Length);
        double mean = relevance.Scores.ToArray().Average();
        Assert.Equal(0, mean, 0.05);
        for (int j = 0; j < 800; j++)
        {
            double score = relevance.Scores.Span[j];
            double expected = 0.4 * relevance.Reliability * Math.Max(0, 1 - score);
            Assert.Equal(expected, relevance.Costs.Span[j], 0.1 * expected + 1e-12);
            Assert.Equal(score >= 1, relevance.Costs.Span[j] == 0);
            Assert.InRange(relevance.TargetShares.Span[j], 0, 1);
        }

        // Candidates of the targets' cluster are relevant, the others are not.
        Assert.True(Enumerable.Range(0, 200).Average(j => relevance.Scores.Span[4 * j]) > 0.7);
        Assert.True(Enumerable.Range(0, 200).Average(j => relevance.Scores.Span[(4 * j) + 1]) < 0.3);
    }

    /// <summary>Rows of the targets' own kind are as relevant as targets, though targets made the direction.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(40)]
    public async Task TargetShares_RowsOfTheTargetsKind_AreThoseOfTargets(int targets)
    {
        List<double> means = [];
        for (int seed = 1; seed <= 10; seed++)
        {
            // Candidates 0, 4, 8, ... are drawn as targets are; many dimensions, so that any target can be told apart.
            TaskPool problem = TaskPool.Create(100 * seed, 800, targets, 256);
            SelectionResult result = await SelectAsync(
                problem,
                Defaults with
                {
                    Budget = 40,
                    EffectiveNeighbors = 800,
                }
            );
            ReadOnlyMemory<double> shares = Assert.Single(result.Relevance).TargetShares;
            Assert.Equal(800, shares.Length);
            means.Add(Enumerable.Range(0, 200).Average(j => shares.Span[4 * j]));
            Assert.True(Enumerable.Range(0, 200).Average(j => shares.Span[(4 * j) + 1]) < 0.1);
        }

        Assert.InRange(means.Average(), 0.35, 0.65);
    }

    [Fact]
    public async Task Relevance_Off_IsTheMethodWithoutIt()
    {
        TaskPool problem = TaskPool.Create(3, 300, 20, 8);
        SelectionOptions options = Defaults with { Budget = 30, Relevance = 0, Center = false };
        SelectionResult result = await SelectAsync(problem, options);
        Assert.Empty(result.Relevance);
        using CandidatePool pool = problem.Open();
        EmbeddingMatrix targets = problem.Targets.Normalize(Normalization.L2);
        NeighborTable nearest = await pool.FindNearestAsync(targets, 1, null, TestContext.Current.CancellationToken);
        Assert.All(
            result.Targets,
            target => Assert.Equal(Math.Sqrt(nearest.DistancesSquared(target.Target)[0]), target.NearestDistance)
        );
    }

    /// <summary>Targets that are drawn from the pool itself have no direction, however few they are.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(40)]
    public async Task Relevance_TargetsLikeThePool_IsNearlyNothing(int targets)
    {
        TaskPool problem = TaskPool.Create(3, 800, 1, 24);
        int[] rows = [.. Enumerable.Range(0, targets).Select(i => ((i * 197) + 1) % 800)];
        SelectionResult result = await SelectAsync(
            problem with
            {
                Targets = problem.Candidates.Gather(rows),
            },
            Defaults with
            {
                Budget = 20,
            }
        );
        Assert.InRange(result.Relevance[0].Reliability, 0, 0.4);
        Assert.True(result.Certificate.IsCertified);
    }

    /// <summary>The more targets there are, the more of λ they bear out; one alone bears out little.</summary>
    [Fact]
    public async Task Relevance_MoreTargets_AreMoreReliable()
    {
        double before = 0;
        foreach (int targets in new[] { 1, 2, 5, 20, 100 })
        {
            TaskPool problem = TaskPool.Create(3, 800, targets, 24);
            SelectionResult result = await SelectAsync(problem, Defaults with { Budget = 20 });
            double reliability = result.Relevance[0].Reliability;
            Assert.InRange(reliability, before, 1);
            before = reliability;
            Assert.True(targets > 1 || reliability < 0.5, $"{reliability}");
        }

        Assert.True(before > 0.95);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(7, 3)]
    public async Task SelectAsync_DegeneratePools_AreCertified(int candidates, int targets)
    {
        EmbeddingMatrix spread = Vectors.Create(4, candidates, 20, VectorKind.Spread);
        EmbeddingMatrix equal = Vectors.Create(4, candidates, 20, VectorKind.Equal);
        foreach (EmbeddingMatrix rows in new[] { spread, equal })
        {
            EmbeddingMatrix[] tasks =
            [
                Vectors.Create(5, targets, 20, VectorKind.Spread),
                rows.Gather([.. Enumerable.Range(0, targets).Select(i => i % candidates)]),
                Negate(rows.Gather([.. Enumerable.Range(0, targets).Select(i => i % candidates)])),
            ];
            foreach (EmbeddingMatrix task in tasks)
            {
                foreach (Normalization normalization in Enum.GetValues<Normalization>())
                {
                    using CandidatePool pool = new TaskPool(rows, task).Open(normalization);
                    SelectionResult result = await DataSelector.SelectAsync(
                        pool,
                        task,
                        Defaults,
                        null,
                        TestContext.Current.CancellationToken
                    );
                    Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                    Assert.All(result.Relevance[0].Costs.ToArray(), cost => Assert.True(double.IsFinite(cost)));
                    Assert.Equal(
                        result.Relevance[0].Reliability == 0,
                        result.Relevance[0].Scores.ToArray().All(double.IsNaN)
                    );
                }
            }
        }

        // Without a spread there is nothing to center at, and no direction.
        using CandidatePool flat = new TaskPool(equal, spread).Open();
        SelectionResult plain = await DataSelector.SelectAsync(
            flat,
            equal.Gather([0]),
            Defaults,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, plain.Targets[0].NearestDistance);
        Assert.Equal(0, plain.Relevance[0].Reliability);
        Assert.True(double.IsNaN(plain.Relevance[0].TargetShares.Span[0]));
    }

    /// <summary>A row on the pool's mean has no direction from there: it is as far from every target.</summary>
    [Fact]
    public async Task SelectAsync_RowOnTheMean_IsAtTheDistanceOne()
    {
        float[] rows = [1, 0, 0, 1, 0, 0, 0, 0, 1, 0.6f, 0.48f, 0.64f];
        float mean = 0;
        for (int i = 0; i < 3; i++)
        {
            mean += rows[9 + i] * rows[9 + i];
        }

        Assert.Equal(1, mean, 1e-6);
        PoolView view = new(new ReadOnlyMemory<float>(rows, 9, 3), default, 0);
        using CandidatePool pool = CandidatePool.FromEmbeddings(new EmbeddingMatrix(rows, 3));
        EmbeddingMatrix targets = view.Apply(new EmbeddingMatrix(rows.AsMemory(0, 3), 3));
        NeighborTable table = await pool.WithView(view)
            .FindNearestAsync(targets, 4, null, TestContext.Current.CancellationToken);
        int place = table.CandidateIds(0).IndexOf(3);
        Assert.Equal(1, table.DistancesSquared(0)[place], 1e-6);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public void Relevance_NotFiniteOrNegative_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Relevance),
            () => new SelectionOptions { Budget = 1, Relevance = value }
        );

    [Theory]
    [InlineData(new[] { 0, 0 }, "each of 3 targets, found 2")]
    [InlineData(new[] { 0, 2, 2 }, "found the numbers 0, 2")]
    [InlineData(new[] { -1, 0, 0 }, "found the numbers -1, 0")]
    public async Task TargetTasks_Wrong_SaysWhatWasExpected(int[] tasks, string part)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() =>
            SelectAsync(TaskPool.Create(1, 20, 3, 4), Defaults with { TargetTasks = tasks })
        );
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static async Task<SelectionResult> SelectAsync(TaskPool problem, SelectionOptions options)
    {
        using CandidatePool pool = problem.Open();
        return await DataSelector.SelectAsync(
            pool,
            problem.Targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
    }

    private static EmbeddingMatrix Negate(EmbeddingMatrix rows) =>
        new(rows.Values.ToArray().Select(value => -value).ToArray(), rows.Dimension);
}
