using CsCheck;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Transport;

/// <summary>Laws of the plan that hold for every input.</summary>
public sealed class PlanLaws
{
    private static readonly Gen<(Instance Instance, Regularizer Regularizer)> Problems = Gen.Select(
        Instance.Gen,
        Gen.Int[0, 2].Select(value => (Regularizer)value)
    );

    [Fact]
    public async Task Plan_AnyInstance_SendsEachTargetsWeight()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                SelectionResult result = await problem.Instance.SelectAsync(problem.Regularizer);
                for (int i = 0; i < problem.Instance.TargetCount; i++)
                {
                    double sent = result.Plan.EntriesOf(i).ToArray().Sum(entry => entry.Mass);
                    Assert.Equal(1.0 / problem.Instance.TargetCount, sent, 1e-12);
                }

                Assert.Equal(1, result.Plan.Probabilities.ToArray().Sum(), 1e-12);
                Assert.All(result.Plan.Entries.ToArray(), entry => Assert.True(entry.Mass > 0));
            },
            iter: 300,
            threads: 1
        );
    }

    [Fact]
    public async Task Certificate_AnyInstance_IsCertified()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                SelectionResult result = await problem.Instance.SelectAsync(problem.Regularizer);
                Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                Assert.True(double.IsFinite(result.Certificate.Primal) && double.IsFinite(result.Certificate.Dual));
            },
            iter: 1000,
            threads: 1
        );
    }

    [Fact]
    public async Task SelectAsync_RepeatedTargets_ChangeNothing()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                SelectionResult once = await problem.Instance.SelectAsync(problem.Regularizer);
                Instance doubled = problem.Instance with
                {
                    Distances = [.. problem.Instance.Distances, .. problem.Instance.Distances],
                };
                SelectionResult twice = await doubled.SelectAsync(problem.Regularizer);
                Assert.Equal(
                    once.Certificate.Primal,
                    twice.Certificate.Primal,
                    1e-10 * Math.Max(1, once.Certificate.Primal)
                );
            },
            iter: 300,
            threads: 1
        );
    }

    [Fact]
    public async Task SelectAsync_ScaledDistancesAndScale_ChangeNothing()
    {
        await Gen.Select(Problems, Gen.Double[0.01, 100])
            .SampleAsync(
                async (problem, factor) =>
                {
                    SelectionResult plain = await problem.Instance.SelectAsync(problem.Regularizer);
                    Instance scaled = problem.Instance with
                    {
                        Distances =
                        [
                            .. problem.Instance.Distances.Select(row => row.Select(d => d * factor).ToArray()),
                        ],
                        Scale = problem.Instance.Scale * factor,
                    };
                    SelectionResult result = await scaled.SelectAsync(problem.Regularizer);
                    Assert.Equal(
                        plain.Certificate.Primal,
                        result.Certificate.Primal,
                        1e-9 * Math.Max(1, plain.Certificate.Primal)
                    );
                },
                iter: 300,
                threads: 1
            );
    }

    [Fact]
    public async Task SelectAsync_AlphaZero_SpreadsInverseToTheDensityOverTheWholePool()
    {
        await Instance.Gen.SampleAsync(
            async instance =>
            {
                SelectionResult result = await (instance with { Alpha = 0 }).SelectAsync(Regularizer.Density);
                Assert.Equal(instance.CandidateCount, result.Plan.CandidateIds.Length);
                for (int j = 0; j < instance.CandidateCount; j++)
                {
                    double expected = 1 / instance.Densities[j] / instance.SumOfWeights;
                    Assert.Equal(expected, result.Plan.Probabilities.Span[j], 1e-12);
                }

                Assert.Equal(1 / instance.SumOfWeights, result.Certificate.Primal, 1e-12);
            },
            iter: 200,
            threads: 1
        );
    }

    [Fact]
    public async Task SelectAsync_AlphaOne_SendsEachTargetToItsNearestCandidate()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                Instance instance = problem.Instance with { Alpha = 1 };
                SelectionResult result = await instance.SelectAsync(problem.Regularizer);
                double expected = instance.Distances.Average(row => row.Min());
                Assert.Equal(expected, result.TransportCost, 1e-12);
                Assert.Equal(
                    expected / instance.Scale,
                    result.Certificate.Primal,
                    1e-12 * Math.Max(1, expected / instance.Scale)
                );
            },
            iter: 200,
            threads: 1
        );
    }

    [Fact]
    public async Task Path_AnyInstance_IsMonotone()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                SelectionResult result = await problem.Instance.SelectAsync(problem.Regularizer);
                for (int i = 1; i < result.Path.Count; i++)
                {
                    PathPoint before = result.Path[i - 1];
                    PathPoint after = result.Path[i];
                    Assert.True(after.Tradeoff >= before.Tradeoff);
                    Assert.True(after.TransportCost >= before.TransportCost - 1e-12);
                    Assert.True(after.Alpha <= before.Alpha);
                }
            },
            iter: 300,
            threads: 1
        );
    }

    [Fact]
    public async Task EffectiveNeighbors_AnyValue_IsMetAndCertified()
    {
        await Gen.Select(Instance.Gen, Gen.Double[0.2, 15])
            .SampleAsync(
                async (instance, neighbors) =>
                {
                    SelectionResult result = await instance.SelectAsync(
                        Regularizer.Density,
                        options => options with { EffectiveNeighbors = neighbors }
                    );
                    Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                    double first = instance.Distances.Min(row =>
                        1 / instance.Densities[Enumerable.Range(0, row.Length).OrderBy(j => row[j]).First()]
                    );
                    double expected = Math.Clamp(
                        neighbors,
                        Math.Min(first, instance.SumOfWeights),
                        instance.SumOfWeights
                    );
                    Assert.Equal(expected, result.EffectiveNeighbors!.Value, 1e-9 * expected);
                },
                iter: 300,
                threads: 1
            );
    }

    [Fact]
    public async Task ExpectedDistinct_AskedFor_IsReachedByTheMostAlignedPlan()
    {
        await Gen.Select(Instance.Gen, Gen.Int[2, 12])
            .SampleAsync(
                async (instance, budget) =>
                {
                    double wanted = budget * 0.5;
                    SelectionResult result = await instance.SelectAsync(
                        Regularizer.Density,
                        options =>
                            options with
                            {
                                Budget = budget,
                                Sampling = SamplingMethod.Multinomial,
                                ExpectedDistinct = wanted,
                            }
                    );
                    bool isReachable = result.Path.Any(point => point.ExpectedDistinct >= wanted);
                    Assert.True(
                        !isReachable || result.ExpectedDistinct >= wanted,
                        $"{result.ExpectedDistinct} < {wanted}"
                    );
                    Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                },
                iter: 300,
                threads: 1
            );
    }

    [Fact]
    public async Task AutomaticScale_FedBack_GivesTheSamePlan()
    {
        await Gen.Select(Problems, Gen.Int[1, 12])
            .SampleAsync(
                async (problem, rows) =>
                {
                    int budget = Math.Min(rows, problem.Instance.CandidateCount);
                    SelectionResult automatic = await problem.Instance.SelectAsync(
                        problem.Regularizer,
                        options => options with { Budget = budget, Alpha = 0.5, Scale = null }
                    );
                    SelectionResult explicitly = await problem.Instance.SelectAsync(
                        problem.Regularizer,
                        options => options with { Budget = budget, Alpha = 0.5, Scale = automatic.Scale }
                    );
                    Assert.True(automatic.Certificate.IsCertified, $"{automatic.Certificate}");
                    Assert.Equal(budget, automatic.CandidateIds.Length);
                    Assert.Equal(automatic.Plan.Entries.ToArray(), explicitly.Plan.Entries.ToArray());
                    Assert.Equal(automatic.CandidateIds.ToArray(), explicitly.CandidateIds.ToArray());
                },
                iter: 500,
                threads: 1
            );
    }

    /// <summary>Equal distances whose weighted sums round: no trade-off may come out of that noise.</summary>
    [Fact]
    public async Task AutomaticScale_EqualDistances_IsOfTheOrderOfTheDistances()
    {
        await Gen.Select(Gen.Int[1, 4], Gen.Int[3, 30], Gen.Double[0.1, 3], Gen.Double[1, 7].Array[30])
            .SampleAsync(
                async (targets, candidates, distance, densities) =>
                {
                    double[][] distances =
                    [
                        .. Enumerable.Range(0, targets).Select(_ => Enumerable.Repeat(distance, candidates).ToArray()),
                    ];
                    Instance instance = new(distances, densities[..candidates], 0.5, 1);
                    SelectionResult result = await instance.SelectAsync(
                        Regularizer.Density,
                        options => options with { Budget = candidates / 2, Scale = null }
                    );
                    Assert.True(result.Scale > 1e-3 * distance && double.IsFinite(result.Scale), $"{result.Scale}");
                    Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                },
                iter: 200,
                threads: 1
            );
    }

    [Fact]
    public async Task SelectAsync_BudgetAboveTheSupport_NamesAnAlphaThatReachesEnough()
    {
        double[][] distances =
        [
            [.. Enumerable.Range(0, 40).Select(j => 1 + (j * 0.01))],
        ];
        Instance instance = new(distances, [.. Enumerable.Repeat(1.0, 40)], 0.99, 1);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            instance.SelectAsync(Regularizer.Density, options => options with { Budget = 20 })
        );
        Assert.Contains("use alpha ", error.Message, StringComparison.Ordinal);
        string told = error.Message.Split("use alpha ")[1].Split(' ')[0];
        double alpha = double.Parse(told, System.Globalization.CultureInfo.InvariantCulture);
        SelectionResult result = await (instance with { Alpha = alpha }).SelectAsync(
            Regularizer.Density,
            options => options with { Budget = 20 }
        );
        Assert.Equal(20, result.CandidateIds.Length);
    }

    [Fact]
    public async Task SelectAsync_FewNeighborsNeeded_AsksForFewDensities()
    {
        double[][] distances =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                    Enumerable.Range(0, 5000).Select(j => 1 + (((j * 7919) + (i * 104729)) % 5000 * 0.001)).ToArray()
                ),
        ];
        TablePool pool = new(distances, [.. Enumerable.Repeat(1.5, 5000)]);
        Instance instance = new(distances, [], 0.5, 1);
        SelectionResult result = await instance.SelectAsync(
            pool,
            Regularizer.Density,
            options => options with { Budget = 30, Scale = null }
        );
        Assert.Equal(30, result.CandidateIds.Length);
        Assert.True(pool.DensitiesAsked < 200, $"{pool.DensitiesAsked} densities asked");
    }
}
