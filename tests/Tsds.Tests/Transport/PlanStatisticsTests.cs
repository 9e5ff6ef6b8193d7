using CsCheck;
using Tsds.Tests.TestPools;
using Tsds.Transport;

namespace Tsds.Tests.Transport;

/// <summary>Statistics that step from level to level, against the plan of a level written out.</summary>
public sealed class PlanStatisticsTests
{
    private const long Budget = 7;

    private static readonly Gen<(Instance Instance, Regularizer Regularizer)> Problems = Gen.Select(
        Instance.Gen,
        Gen.Int[0, 2].Select(value => (Regularizer)value)
    );

    [Fact]
    public async Task Evaluate_LevelsInAnyOrder_EqualsThePlanWrittenOut()
    {
        await Gen.Select(Problems, Gen.Double[0.05, 5].Array[5], Gen.Double[0, 1.1].Array[12])
            .SampleAsync(
                async (problem, weights, shares) =>
                {
                    (NeighborReach reach, IPlanFamily family) = await CreateAsync(
                        problem.Instance,
                        problem.Regularizer,
                        weights
                    );
                    PlanStatistics statistics = new(reach, family);
                    foreach (double share in shares)
                    {
                        double level = Level(family, share);
                        statistics.Evaluate(level);
                        Solution solution = Solution.Create(reach, family, level, 0.5, 1, Budget);
                        double[] probabilities = solution.Plan.Probabilities.ToArray();
                        Assert.Equal(probabilities.Length, statistics.Support);
                        AssertClose(solution.TransportCost, statistics.TransportCost);
                        AssertClose(solution.ExpectedDistinct, statistics.ExpectedDistinct(Budget));
                        AssertClose(probabilities.Sum(p => Math.Min(1, Budget * p)), statistics.MatchedRows(Budget));
                        AssertClose(
                            solution.Plan.Densities.ToArray().Sum(density => 1 / density),
                            statistics.SupportWeight()
                        );
                        Assert.Equal(
                            probabilities.Order(),
                            PlanProbabilities.Create(reach, family, level).Where(p => p > 0).Order()
                        );
                    }
                },
                iter: 300,
                threads: 1
            );
    }

    /// <summary>Whatever was asked before, a level has the same statistics to the last bit.</summary>
    [Fact]
    public async Task Evaluate_AnyLevelsBefore_LeaveNoTrace()
    {
        await Gen.Select(Problems, Gen.Double[0, 1].Array[1, 10], Gen.Double[0, 1])
            .SampleAsync(
                async (problem, before, share) =>
                {
                    (NeighborReach reach, IPlanFamily family) = await CreateAsync(
                        problem.Instance,
                        problem.Regularizer,
                        null
                    );
                    double level = Level(family, share);
                    PlanStatistics moved = new(reach, family);
                    PlanStatistics again = new(reach, family);
                    again.Evaluate(Level(family, 1));
                    moved.Evaluate(Level(family, 1));
                    foreach (double other in before)
                    {
                        moved.Evaluate(Level(family, other));
                    }

                    Assert.Equal(Numbers(again.Evaluate(level)), Numbers(moved.Evaluate(level)));
                },
                iter: 300,
                threads: 1
            );
    }

    /// <summary>Enough rows for many chunks on each thread.</summary>
    [Theory]
    [InlineData(Regularizer.Density)]
    [InlineData(Regularizer.TotalVariation)]
    public async Task Solution_AnyNumberOfThreads_IsTheSameToTheLastBit(Regularizer regularizer)
    {
        const int Candidates = 2_000;
        const int Targets = 300;
        double[][] distances =
        [
            .. Enumerable
                .Range(0, Targets)
                .Select(i =>
                    Enumerable
                        .Range(0, Candidates)
                        .Select(j => 1 + Math.Sqrt(((j * 7919L) + (i * 104729L)) % 2_003))
                        .ToArray()
                ),
        ];
        double[] densities = [.. Enumerable.Range(0, Candidates).Select(j => 1 + (j % 11 * 0.37))];
        Instance instance = new(distances, densities, 0.5, 1);
        List<(Solution Solution, PathPoint[] Path, double[] Numbers)> found = [];
        foreach (int threads in new[] { 1, 2, 3 })
        {
            (NeighborReach reach, IPlanFamily family) = await CreateAsync(
                instance,
                regularizer,
                null,
                threads,
                neighbors: 60
            );
            PlanStatistics statistics = new(reach, family);
            double level = await PlanSearch.FindLevelAsync(
                family,
                candidate => statistics.HasMatchedRows(candidate, 1500, 1000),
                CancellationToken.None
            );
            found.Add(
                (
                    Solution.Create(reach, family, level, 0.5, 1, 1500),
                    PathBuilder.Build(reach, family, level, 1, 1500, hasEffectiveNeighbors: true),
                    [
                        level,
                        .. Numbers(statistics.Evaluate(level)),
                        family.TradeoffAbove(level),
                        family.TradeoffMagnitude(level),
                    ]
                )
            );
        }

        foreach ((Solution solution, PathPoint[] path, double[] numbers) in found)
        {
            Assert.Equal(found[0].Numbers, numbers);
            Assert.Equal(found[0].Path, path);
            Assert.Equal(found[0].Solution.Certificate, solution.Certificate);
            Assert.Equal(found[0].Solution.Targets, solution.Targets);
            Assert.True(found[0].Solution.Plan.Entries.Span.SequenceEqual(solution.Plan.Entries.Span));
            Assert.True(found[0].Solution.Plan.Probabilities.Span.SequenceEqual(solution.Plan.Probabilities.Span));
        }
    }

    private static async Task<(NeighborReach Reach, IPlanFamily Family)> CreateAsync(
        Instance instance,
        Regularizer regularizer,
        double[]? weights,
        int threads = 1,
        int neighbors = 3
    )
    {
        double[] used = weights?[..instance.TargetCount] ?? [.. Enumerable.Repeat(1.0, instance.TargetCount)];
        TablePool pool = new(instance.Distances, instance.Densities);
        NeighborReach reach = new(
            new TargetSearch(pool.Targets, [pool], new int[instance.TargetCount]),
            [.. used.Select(weight => weight / used.Sum())],
            memoryLimit: null,
            progress: null,
            threads
        );
        reach.UseBandwidth(regularizer == Regularizer.Density ? 1 : 0);
        IPlanFamily family =
            regularizer == Regularizer.TotalVariation
                ? await TotalVariationPlanFamily.CreateAsync(reach, neighbors, CancellationToken.None)
                : await DensityPlanFamily.CreateAsync(reach, neighbors, CancellationToken.None);
        while (family.LastKnownLevel < family.FirstLevel)
        {
            await family.GrowAsync(CancellationToken.None);
        }

        return (reach, family);
    }

    /// <summary>A level within what is known, often a breakpoint.</summary>
    private static double Level(IPlanFamily family, double share)
    {
        double level = family.FirstLevel + (Math.Min(1, share) * (family.LastKnownLevel - family.FirstLevel));
        return share < 0.6 ? family.SnapUp(level) : level;
    }

    private static double[] Numbers(PlanStatistics statistics) =>
        [
            statistics.TransportCost,
            statistics.Support,
            statistics.SupportWeight(),
            statistics.MatchedRows(Budget),
            statistics.ExpectedDistinct(Budget),
        ];

    private static void AssertClose(double expected, double found) =>
        Assert.Equal(expected, found, 1e-12 * Math.Max(1, expected));
}
