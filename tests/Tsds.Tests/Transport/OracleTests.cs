using System.Text.Json;
using CsCheck;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Transport;

/// <summary>
/// The solver against linear programs: random ones solved here, and stored ones solved by another solver.
/// </summary>
public sealed class OracleTests
{
    [Theory]
    [InlineData(Regularizer.Density)]
    [InlineData(Regularizer.Uniform)]
    [InlineData(Regularizer.TotalVariation)]
    public async Task SelectAsync_RandomInstance_ReachesTheOptimumOfTheLinearProgram(Regularizer regularizer)
    {
        await Instance.Gen.SampleAsync(
            async instance =>
            {
                double[] weights = [.. Enumerable.Repeat(1.0 / instance.TargetCount, instance.TargetCount)];
                double optimum = LinearProgram.Minimize(instance, regularizer, weights);
                SelectionResult result = await instance.SelectAsync(regularizer);
                Assert.Equal(optimum, result.Certificate.Primal, 1e-6 * Math.Max(1, optimum));
                Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
            },
            iter: 400,
            threads: 1
        );
    }

    [Theory]
    [InlineData(Regularizer.Density)]
    [InlineData(Regularizer.TotalVariation)]
    public async Task SelectAsync_WeightedTargets_ReachesTheOptimumOfTheLinearProgram(Regularizer regularizer)
    {
        await Gen.Select(Instance.Gen, Gen.Double[0.1, 5].Array[5])
            .SampleAsync(
                async (instance, weights) =>
                {
                    double[] used = weights[..instance.TargetCount];
                    double[] shares = [.. used.Select(weight => weight / used.Sum())];
                    double optimum = LinearProgram.Minimize(instance, regularizer, shares);
                    SelectionResult result = await instance.SelectAsync(
                        regularizer,
                        options => options with { TargetWeights = used }
                    );
                    Assert.Equal(optimum, result.Certificate.Primal, 1e-6 * Math.Max(1, optimum));
                    Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                },
                iter: 200,
                threads: 1
            );
    }

    [Fact]
    public async Task SelectAsync_StoredInstances_ReachTheStoredOptima()
    {
        using JsonDocument document = JsonDocument.Parse(
            await File.ReadAllTextAsync(Golden.PathOf("lp_instances.json"), TestContext.Current.CancellationToken)
        );
        int count = 0;
        foreach (JsonElement stored in document.RootElement.EnumerateArray())
        {
            Instance instance = new(
                [
                    .. stored
                        .GetProperty("D")
                        .EnumerateArray()
                        .Select(row => row.EnumerateArray().Select(d => d.GetDouble()).ToArray()),
                ],
                [.. stored.GetProperty("rho").EnumerateArray().Select(rho => rho.GetDouble())],
                stored.GetProperty("alpha").GetDouble(),
                stored.GetProperty("C").GetDouble()
            );

            SelectionResult density = await instance.SelectAsync(Regularizer.Density);

            // The stored programs subtract the constant (1 − α)/S, the value of G at the pool's own distribution.
            double constant = (1 - instance.Alpha) / instance.SumOfWeights;
            double expected = stored.GetProperty("kde_one_sided").GetProperty("lp_optimum").GetDouble();
            Assert.Equal(expected, density.Certificate.Primal - constant, 1e-9 * Math.Max(1, expected));
            Assert.True(density.Certificate.IsCertified);

            SelectionResult variation = await instance.SelectAsync(Regularizer.TotalVariation);
            expected = stored.GetProperty("tv").GetProperty("lp_optimum").GetDouble();
            Assert.Equal(expected, variation.Certificate.Primal, 1e-9 * Math.Max(1, expected));
            Assert.True(variation.Certificate.IsCertified);

            if (
                stored.TryGetProperty("knn_uniform", out JsonElement uniform)
                && uniform.ValueKind == JsonValueKind.Object
            )
            {
                SelectionResult result = await instance.SelectAsync(Regularizer.Uniform);
                Assert.Equal(uniform.GetProperty("K").GetInt32(), result.EffectiveNeighbors!.Value, 1e-9);
            }

            count++;
        }

        Assert.Equal(60, count);
    }
}
