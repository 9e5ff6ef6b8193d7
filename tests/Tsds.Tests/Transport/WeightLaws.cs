using CsCheck;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Transport;

/// <summary>Laws of target weights.</summary>
public sealed class WeightLaws
{
    private static readonly Gen<(Instance Instance, Regularizer Regularizer)> Problems = Gen.Select(
        Instance.Gen,
        Gen.Int[0, 2].Select(value => (Regularizer)value)
    );

    [Fact]
    public async Task SelectAsync_EqualWeights_AreNoWeightsToTheLastBit()
    {
        await Gen.Select(Problems, Gen.Double[0.01, 100])
            .SampleAsync(
                async (problem, weight) =>
                {
                    SelectionResult plain = await problem.Instance.SelectAsync(problem.Regularizer);
                    SelectionResult weighted = await problem.Instance.SelectAsync(
                        problem.Regularizer,
                        options =>
                            options with
                            {
                                TargetWeights = [.. Enumerable.Repeat(weight, problem.Instance.TargetCount)],
                            }
                    );
                    Assert.Equal(plain.Certificate, weighted.Certificate);
                    Assert.Equal(plain.Plan.Entries.ToArray(), weighted.Plan.Entries.ToArray());
                    Assert.Equal(plain.Targets, weighted.Targets);
                    Assert.Equal(plain.Path, weighted.Path);
                },
                iter: 200,
                threads: 1
            );
    }

    [Fact]
    public async Task SelectAsync_RepeatedTarget_IsOneOfTwiceTheWeight()
    {
        await Gen.Select(Problems, Gen.Double[0.1, 5].Array[5])
            .SampleAsync(
                async (problem, all) =>
                {
                    Instance instance = problem.Instance;
                    double[] weights = all[..instance.TargetCount];
                    Instance repeated = instance with { Distances = [.. instance.Distances, instance.Distances[0]] };
                    SelectionResult twice = await repeated.SelectAsync(
                        problem.Regularizer,
                        options => options with { TargetWeights = [.. weights, weights[0]] }
                    );
                    SelectionResult once = await instance.SelectAsync(
                        problem.Regularizer,
                        options => options with { TargetWeights = [2 * weights[0], .. weights[1..]] }
                    );
                    Assert.Equal(
                        once.Certificate.Primal,
                        twice.Certificate.Primal,
                        1e-10 * Math.Max(1, once.Certificate.Primal)
                    );
                    Assert.Equal(once.TransportCost, twice.TransportCost, 1e-9);
                },
                iter: 200,
                threads: 1
            );
    }

    [Fact]
    public async Task Plan_AnyWeights_SendsThemAndIsMonotoneAlongThePath()
    {
        await Gen.Select(Problems, Gen.Double[0.1, 5].Array[5])
            .SampleAsync(
                async (problem, all) =>
                {
                    double[] weights = all[..problem.Instance.TargetCount];
                    SelectionResult result = await problem.Instance.SelectAsync(
                        problem.Regularizer,
                        options => options with { TargetWeights = weights }
                    );
                    for (int i = 0; i < weights.Length; i++)
                    {
                        Assert.Equal(
                            weights[i] / weights.Sum(),
                            result.Plan.EntriesOf(i).ToArray().Sum(entry => entry.Mass),
                            1e-12
                        );
                        Assert.Equal(weights[i] / weights.Sum(), result.Targets[i].Weight, 1e-12);
                    }

                    for (int p = 1; p < result.Path.Count; p++)
                    {
                        Assert.True(result.Path[p].TransportCost >= result.Path[p - 1].TransportCost - 1e-12);
                    }
                },
                iter: 200,
                threads: 1
            );
    }
}
