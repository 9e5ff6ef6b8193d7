using System.Text.Json;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Transport;

/// <summary>The solver on stored instances, given exact distances and densities.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases =>
        new()
        {
            { "syn", "syn_default" },
            { "syn", "syn_alpha0.6" },
            { "syn", "syn_alpha0.9_sigma0.3" },
            { "syn", "syn_alpha0.99_C1" },
            { "syn", "syn_sigma0" },
            { "syndup", "syndup_default" },
            { "syndup", "syndup_alpha0.9" },
            { "syndup", "syndup_alpha0.9_sigma0" },
            { "synscale", "synscale_C37.5_sigma5.625" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task SelectAsync_StoredInstance_FindsTheStoredSolution(string data, string name)
    {
        using JsonDocument document = JsonDocument.Parse(
            await File.ReadAllTextAsync(Golden.PathOf(name + ".json"), TestContext.Current.CancellationToken)
        );
        JsonElement stored = document.RootElement;
        double alpha = stored.GetProperty("alpha").GetDouble();
        double scale = stored.GetProperty("scale").GetDouble();
        double bandwidth = stored.GetProperty("bandwidth").GetDouble();

        (double[][] distances, double[] densities) = Tables(data, bandwidth);
        Instance instance = new(distances, densities, alpha, scale);
        SelectionResult result = await instance.SelectAsync(
            Regularizer.Density,
            options => options with { Bandwidth = bandwidth }
        );

        AssertRelative(stored.GetProperty("effectiveNeighbors").GetDouble(), result.EffectiveNeighbors!.Value, 1e-5);
        AssertRelative(stored.GetProperty("sumOfInverseDensities").GetDouble(), instance.SumOfWeights, 1e-9);
        double objective = result.Certificate.Primal - ((1 - alpha) / instance.SumOfWeights);
        AssertRelative(stored.GetProperty("objective").GetDouble(), objective, 1e-9);
        AssertRelative(stored.GetProperty("transportCost").GetDouble(), result.TransportCost, 1e-9);
        Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
        if (stored.TryGetProperty("probability", out JsonElement probability))
        {
            AssertProbabilities(probability, result.Plan);
        }
    }

    /// <summary>Instances with ties store no probabilities: several plans are optimal.</summary>
    private static void AssertProbabilities(JsonElement stored, TransportPlan plan)
    {
        Dictionary<long, double> expected = stored
            .EnumerateArray()
            .ToDictionary(pair => pair[0].GetInt64(), pair => pair[1].GetDouble());
        Dictionary<long, double> found = [];
        for (int j = 0; j < plan.CandidateIds.Length; j++)
        {
            found[plan.CandidateIds.Span[j]] = plan.Probabilities.Span[j];
        }

        foreach (long candidate in expected.Keys.Union(found.Keys))
        {
            Assert.Equal(expected.GetValueOrDefault(candidate), found.GetValueOrDefault(candidate), 1e-9);
        }
    }

    private static void AssertRelative(double expected, double found, double tolerance) =>
        Assert.Equal(expected, found, tolerance * Math.Abs(expected));

    private static (double[][] Distances, double[] Densities) Tables(string data, double bandwidth)
    {
        EmbeddingMatrix candidates = Golden.ReadFloat32(data + "_candidates.npy");
        EmbeddingMatrix targets = Golden.ReadFloat32(data + "_queries.npy");
        double[][] distances = new double[targets.Count][];
        for (int i = 0; i < targets.Count; i++)
        {
            distances[i] = new double[candidates.Count];
            for (int j = 0; j < candidates.Count; j++)
            {
                distances[i][j] = Math.Sqrt(DistanceSquared(targets[i], candidates[j]));
            }
        }

        double[] densities = new double[candidates.Count];
        Parallel.For(
            0,
            candidates.Count,
            j =>
            {
                double density = bandwidth == 0 ? 1 : 0;
                for (int l = 0; bandwidth > 0 && l < candidates.Count; l++)
                {
                    density += Math.Max(
                        0,
                        1 - (DistanceSquared(candidates[j], candidates[l]) / (bandwidth * bandwidth))
                    );
                }

                densities[j] = density;
            }
        );
        return (distances, densities);
    }

    private static double DistanceSquared(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = (double)x[i] - y[i];
            sum += difference * difference;
        }

        return sum;
    }
}
