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

    /// <summary>
    /// Neighbors on a line: a copy of the target, then a distinct row at 0.5, and the last of the first 64 at 1.
    /// </summary>
    [Fact]
    public void EstimateBandwidth_ByHand_IsTwoFifthsOfTheMedianDistance()
    {
        double[] distances = [0.1, 0.5, .. Enumerable.Repeat(1.0, 62), 9];
        double[] near = [.. distances.Select(distance => distance / 10)];
        double[] copies = new double[distances.Length];
        double[] squares = [.. distances.Concat(near).Concat(copies).Select(distance => distance * distance)];
        NeighborTable table = new(3, distances.Length, new long[squares.Length], squares);

        // r = 0.5, 0.05, 0: what lies within a quarter of the 64th is a copy, and what comes after the 64th is not
        // looked at.
        Assert.Equal(0.4 * 0.05, DataSelector.EstimateBandwidth(table), 1e-15);
    }

    [Fact]
    public async Task EstimateBandwidth_OfTheNearest_IsTheAutomaticBandwidth()
    {
        using CandidatePool pool = Pool(Golden.ReadFloat32("syn_candidates.npy"), Normalization.L2, threads: 2);
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");
        NeighborTable nearest = await pool.FindNearestAsync(
            targets.Normalize(Normalization.L2),
            DataSelector.BandwidthNeighbors,
            cancellationToken: TestContext.Current.CancellationToken
        );
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            targets,
            new SelectionOptions
            {
                Budget = 20,
                Relevance = 0,
                Center = false,
            },
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(result.Bandwidth, DataSelector.EstimateBandwidth(nearest));
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

    /// <summary>
    /// Over the neighbors, a row's density is the sum over the union of the rows near each target, itself included.
    /// </summary>
    [Fact]
    public async Task SelectAsync_DensityBaseNeighbors_SumsOverTheNearestOfEachTarget()
    {
        const int Near = 40;
        EmbeddingMatrix candidates = Vectors.Create(11, 10 * Near, 12, VectorKind.Clustered);
        EmbeddingMatrix targets = Vectors.Create(12, 5, 12, VectorKind.Spread).Normalize(Normalization.L2);
        using CandidatePool pool = Pool(candidates, Normalization.L2, threads: 2);
        CancellationToken token = TestContext.Current.CancellationToken;
        SelectionOptions options = new()
        {
            Budget = 100,
            Bandwidth = 0.9,
            DensityBase = DensityBase.Neighbors,
            EffectiveNeighbors = 30,
            Relevance = 0,
            Center = false,
        };
        SelectionResult result = await DataSelector.SelectAsync(pool, targets, options, null, token);

        NeighborTable table = await pool.FindNearestAsync(targets, Near, null, token);
        HashSet<long> near =
        [
            .. Enumerable.Range(0, targets.Count).SelectMany(target => table.CandidateIds(target).ToArray()),
        ];
        long[] population = [.. near.Order()];
        long[] reached = result.Plan.CandidateIds.ToArray();
        EmbeddingMatrix points = await pool.ReadEmbeddingsAsync(reached, token);
        EmbeddingMatrix all = await pool.ReadEmbeddingsAsync(population, token);
        Assert.Contains(reached, id => !near.Contains(id));
        for (int p = 0; p < reached.Length; p++)
        {
            double expected = near.Contains(reached[p]) ? 0 : 1;
            for (int j = 0; j < all.Count; j++)
            {
                expected += Math.Max(0, 1 - (Vectors.DistanceSquared(points[p], all[j]) / (0.9 * 0.9)));
            }

            Assert.Equal(expected, result.Plan.Densities.Span[p], 1e-6 * expected);
        }

        Assert.True(result.Certificate.IsCertified);
    }

    [Theory]
    [InlineData(new long[] { 3, 2 })]
    [InlineData(new long[] { 3, 3 })]
    [InlineData(new long[] { -1, 3 })]
    [InlineData(new long[] { 3, 20 })]
    public async Task EstimateDensitiesAsync_PopulationNotAscending_Throws(long[] population)
    {
        using CandidatePool pool = Pool(Vectors.Create(1, 20, 4, VectorKind.Spread), Normalization.L2, threads: 1);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await pool.EstimateDensitiesAsync(
                Vectors.Create(1, 2, 4, VectorKind.Spread),
                1,
                population,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
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

    /// <summary>However many copies a pool is filled with, what counts as a copy stays what it was.</summary>
    [Fact]
    public async Task Bandwidth_PoolOfMostlyCopies_StaysWhatItWas()
    {
        const int Dimension = 24;
        EmbeddingMatrix candidates = Golden.ReadFloat32("syn_candidates.npy");
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");

        // Every tenth row copied 99 times: ten copies for each original row of the pool.
        float[] values = new float[(candidates.Count + (candidates.Count / 10 * 99)) * Dimension];
        candidates.Values.CopyTo(values);
        EmbeddingMatrix noise = Vectors.Create(9, values.Length / Dimension, Dimension, VectorKind.Spread);
        for (int row = candidates.Count; row < values.Length / Dimension; row++)
        {
            int original = (row - candidates.Count) / 99 * 10;
            for (int p = 0; p < Dimension; p++)
            {
                values[(row * Dimension) + p] = candidates[original][p] + (1e-3f * noise[row][p]);
            }
        }

        using CandidatePool plain = Pool(candidates, Normalization.L2, threads: 2);
        using CandidatePool copied = Pool(new EmbeddingMatrix(values, Dimension), Normalization.L2, threads: 2);
        SelectionOptions options = new() { Budget = 40 };
        SelectionResult before = await DataSelector.SelectAsync(
            plain,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        SelectionResult after = await DataSelector.SelectAsync(
            copied,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(before.Bandwidth, after.Bandwidth, 0.05 * before.Bandwidth);

        // And few of the rows drawn are copies of one another.
        int groups = after
            .CandidateIds.ToArray()
            .Select(id => id < candidates.Count ? id : (id - candidates.Count) / 99 * 10)
            .Distinct()
            .Count();
        Assert.True(groups >= 36, $"{groups} different rows among 40");
    }

    [Fact]
    public async Task SelectAsync_WrongInput_SaysWhatWasExpectedAndFound()
    {
        using CandidatePool pool = Pool(Golden.ReadFloat32("syn_candidates.npy"), Normalization.L2, threads: 1);
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");
        SelectionOptions options = new() { Budget = 10 };
        await Expect<ArgumentException>("dimension 24, found 3", new EmbeddingMatrix(new float[6], 3), options);
        await Expect<ArgumentException>("0 targets", new EmbeddingMatrix(ReadOnlyMemory<float>.Empty, 24), options);
        await Expect<InvalidDataException>("targets row 1, column 4", WithNaN(targets), options);
        await Expect<InvalidOperationException>("3,000 rows, found 3,001", targets, options with { Budget = 3001 });
        await Expect<ArgumentException>("one weight for each of 8", targets, options with { TargetWeights = [1] });
        await Expect<ArgumentException>(
            "TargetWeights[1]",
            targets,
            options with
            {
                TargetWeights = [1, 0, 1, 1, 1, 1, 1, 1],
            }
        );
        await Expect<ArgumentException>(
            "total variation",
            targets,
            options with
            {
                Regularizer = Regularizer.TotalVariation,
                EffectiveNeighbors = 4,
            }
        );
        await Expect<InvalidOperationException>("allow more memory", targets, options with { MemoryLimit = 1000 });

        async Task Expect<TException>(string part, EmbeddingMatrix wrong, SelectionOptions wrongOptions)
            where TException : Exception
        {
            TException error = await Assert.ThrowsAnyAsync<TException>(() =>
                DataSelector.SelectAsync(pool, wrong, wrongOptions)
            );
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        static EmbeddingMatrix WithNaN(EmbeddingMatrix matrix)
        {
            float[] values = matrix.Values.ToArray();
            values[24 + 4] = float.NaN;
            return new EmbeddingMatrix(values, 24);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.PositiveInfinity)]
    public void Alpha_OutsideTheUnitInterval_Throws(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Alpha),
            () => new SelectionOptions { Budget = 1, Alpha = alpha }
        );

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void ScaleAndBandwidth_NotFiniteOrNegative_Throw(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Scale),
            () => new SelectionOptions { Budget = 1, Scale = value }
        );
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Bandwidth),
            () => new SelectionOptions { Budget = 1, Bandwidth = value }
        );
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.EffectiveNeighbors),
            () => new SelectionOptions { Budget = 1, EffectiveNeighbors = value }
        );
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
