using System.Text.Json;
using Tsds.Tests.TestPools;

namespace Tsds.Tests;

/// <summary>The façade on real vectors.</summary>
public sealed class DataSelectorTests
{
    [Theory]
    [InlineData("syn", "syn_default")]
    [InlineData("syn", "syn_alpha0.9_sigma0.3")]
    [InlineData("syndup", "syndup_alpha0.9")]
    [InlineData("synscale", "synscale_C37.5_sigma5.625")]
    public async Task SelectAsync_StoredVectors_FindsTheStoredSolution(string data, string name)
    {
        using JsonDocument stored = JsonDocument.Parse(
            await File.ReadAllTextAsync(Golden.PathOf(name + ".json"), TestContext.Current.CancellationToken)
        );
        using CandidatePool pool = Pool(Golden.ReadFloat32(data + "_candidates.npy"), Normalization.None, threads: 2);
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            Golden.ReadFloat32(data + "_queries.npy"),
            new SelectionOptions
            {
                Budget = 100,
                Alpha = stored.RootElement.GetProperty("alpha").GetDouble(),
                Scale = stored.RootElement.GetProperty("scale").GetDouble(),
                Bandwidth = stored.RootElement.GetProperty("bandwidth").GetDouble(),
                Relevance = 0,
                Center = false,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        double expected = stored.RootElement.GetProperty("effectiveNeighbors").GetDouble();
        Assert.Equal(expected, result.EffectiveNeighbors!.Value, 1e-5 * expected);
        expected = stored.RootElement.GetProperty("transportCost").GetDouble();
        Assert.Equal(expected, result.TransportCost, 1e-7 * expected);
        Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
        Assert.Equal(100, result.CandidateIds.Length);
    }

    /// <summary>A row copied a thousand times with noise of norm 1e-3 keeps the mass that the one row had.</summary>
    [Fact]
    public async Task SelectAsync_PlantedCopies_KeepTheMassOfOneRow()
    {
        const int Copies = 1000;
        const int Dimension = 24;
        EmbeddingMatrix candidates = Golden.ReadFloat32("syn_candidates.npy");
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");
        SelectionOptions options = new() { Budget = 60 };
        using CandidatePool plain = Pool(candidates, Normalization.L2, threads: 2);
        SelectionResult before = await DataSelector.SelectAsync(
            plain,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );

        // A row that is selected, and has no copies yet.
        int position = Enumerable
            .Range(0, before.Plan.CandidateIds.Length)
            .Where(j => before.Plan.Densities.Span[j] == 1)
            .MaxBy(j => before.Plan.Probabilities.Span[j]);
        int original = (int)before.Plan.CandidateIds.Span[position];
        EmbeddingMatrix noise = Vectors.Create(5, Copies, Dimension, VectorKind.Spread).Normalize(Normalization.L2);
        float[] values = new float[(candidates.Count + Copies) * Dimension];
        candidates.Values.CopyTo(values);
        for (int copy = 0; copy < Copies; copy++)
        {
            for (int p = 0; p < Dimension; p++)
            {
                values[((candidates.Count + copy) * Dimension) + p] =
                    candidates[original][p] + (1e-3f * noise[copy][p]);
            }
        }

        using CandidatePool copied = Pool(new EmbeddingMatrix(values, Dimension), Normalization.L2, threads: 2);
        foreach (Regularizer regularizer in new[] { Regularizer.Density, Regularizer.Uniform })
        {
            // The same trade-off, so that only the copies differ.
            SelectionOptions same = options with
            {
                Regularizer = regularizer,
                Scale = before.Scale,
                Sampling = SamplingMethod.Multinomial,
            };
            SelectionResult once = await DataSelector.SelectAsync(
                plain,
                targets,
                same,
                null,
                TestContext.Current.CancellationToken
            );
            SelectionResult after = await DataSelector.SelectAsync(
                copied,
                targets,
                same,
                null,
                TestContext.Current.CancellationToken
            );
            double massOnce = MassOf(once, id => id == original);
            double massAfter = MassOf(after, id => id == original || id >= candidates.Count);
            if (regularizer == Regularizer.Density)
            {
                Assert.Equal(massOnce, massAfter, 0.01 * massOnce);
            }
            else
            {
                Assert.True(
                    massAfter > 1.5 * massOnce,
                    $"Uniform: {massOnce} and {massAfter}, so this test sees copies"
                );
            }
        }
    }

    [Fact]
    public async Task SelectAsync_ThreadsAndShards_GiveTheSameResult()
    {
        EmbeddingMatrix candidates = Golden.ReadFloat32("syndup_candidates.npy");
        EmbeddingMatrix targets = Golden.ReadFloat32("syndup_queries.npy");
        SelectionOptions options = new() { Budget = 150, Seed = 7 };
        List<SelectionResult> results = [];
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using CandidatePool whole = Pool(candidates, Normalization.L2, threads);
            results.Add(
                await DataSelector.SelectAsync(whole, targets, options, null, TestContext.Current.CancellationToken)
            );
            using CandidatePool first = Pool(
                candidates.Gather([.. Enumerable.Range(0, 1234)]),
                Normalization.L2,
                threads
            );
            using CandidatePool second = Pool(
                candidates.Gather([.. Enumerable.Range(1234, candidates.Count - 1234)]),
                Normalization.L2,
                threads
            );
            results.Add(
                await DataSelector.SelectAsync(
                    new ShardedPool([first, second]),
                    targets,
                    options,
                    null,
                    TestContext.Current.CancellationToken
                )
            );
        }

        foreach (SelectionResult result in results)
        {
            Assert.Equal(results[0].CandidateIds.ToArray(), result.CandidateIds.ToArray());
            Assert.Equal(results[0].Plan.Entries.ToArray(), result.Plan.Entries.ToArray());
            Assert.Equal(results[0].Certificate, result.Certificate);
            Assert.Equal(results[0].Path, result.Path);
        }
    }

    /// <summary>Scaling all vectors changes nothing but the unit: the automatic settings have none.</summary>
    [Fact]
    public async Task SelectAsync_ScaledVectors_SelectsTheSameRows()
    {
        EmbeddingMatrix candidates = Golden.ReadFloat32("syn_candidates.npy");
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");
        SelectionOptions options = new() { Budget = 50 };
        using CandidatePool plain = Pool(candidates, Normalization.None, threads: 1);
        using CandidatePool scaled = Pool(Scale(candidates), Normalization.None, threads: 1);
        SelectionResult first = await DataSelector.SelectAsync(
            plain,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        SelectionResult second = await DataSelector.SelectAsync(
            scaled,
            Scale(targets),
            options,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(first.CandidateIds.ToArray(), second.CandidateIds.ToArray());
        Assert.Equal(first.Bandwidth * 8, second.Bandwidth, 1e-12);
        Assert.Equal(first.Scale * 8, second.Scale, 1e-12);

        // A power of two, so that float32 scales without rounding.
        static EmbeddingMatrix Scale(EmbeddingMatrix matrix) =>
            new(matrix.Values.ToArray().Select(value => value * 8).ToArray(), matrix.Dimension);
    }

    [Fact]
    public async Task SelectAsync_OneCandidateOneTarget_SelectsIt()
    {
        using CandidatePool pool = Pool(new EmbeddingMatrix(new float[] { 1, 2 }, 2), Normalization.L2, threads: 3);
        foreach (Regularizer regularizer in Enum.GetValues<Regularizer>())
        {
            foreach (double alpha in new[] { 0, 0.5, 1 })
            {
                SelectionResult result = await DataSelector.SelectAsync(
                    pool,
                    new EmbeddingMatrix(new float[] { 2, 1 }, 2),
                    new SelectionOptions
                    {
                        Budget = 1,
                        Regularizer = regularizer,
                        Alpha = alpha,
                    },
                    null,
                    TestContext.Current.CancellationToken
                );
                Assert.Equal([0L], result.CandidateIds.ToArray());
                Assert.True(result.Certificate.IsCertified, $"{regularizer} {alpha} {result.Certificate}");
            }
        }
    }

    [Fact]
    public async Task SelectAsync_TargetEqualToACandidate_IsAtDistanceZero()
    {
        EmbeddingMatrix candidates = Golden.ReadFloat32("syn_candidates.npy");
        using CandidatePool pool = Pool(candidates, Normalization.L2, threads: 2);
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            candidates.Gather([17, 99]),
            new SelectionOptions { Budget = 10 },
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([0.0, 0.0], result.Targets.Select(target => target.NearestDistance));
        Assert.True(result.Bandwidth > 0);
    }

    private static double MassOf(SelectionResult result, Func<long, bool> isMember) =>
        Enumerable
            .Range(0, result.Plan.CandidateIds.Length)
            .Where(j => isMember(result.Plan.CandidateIds.Span[j]))
            .Sum(j => result.Plan.Probabilities.Span[j]);

    private static CandidatePool Pool(EmbeddingMatrix matrix, Normalization normalization, int threads) =>
        CandidatePool.FromEmbeddings(
            matrix,
            new CandidatePoolOptions { Normalization = normalization, ThreadCount = threads }
        );
}
