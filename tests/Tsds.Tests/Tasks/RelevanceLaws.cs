using CsCheck;
using Tsds.Tests.TestPools;
using Tsds.Tests.Transport;

namespace Tsds.Tests.Tasks;

/// <summary>Laws of the method over the cost with relevance, on vectors.</summary>
public sealed class RelevanceLaws
{
    private static readonly SelectionOptions Defaults = new() { Budget = 1, ThreadCount = 1 };

    private static readonly Gen<(TaskPool Pool, Regularizer Regularizer, double Alpha, double Relevance)> Problems =
        Gen.Select(
            TaskPool.Gen,
            Gen.Int[0, 2].Select(value => (Regularizer)value),
            Gen.Double[0, 1],
            Gen.Int[0, 2].Select(value => value * 0.4 * value)
        );

    /// <summary>The whole method against its definition and a linear program.</summary>
    [Theory]
    [InlineData(Regularizer.Density)]
    [InlineData(Regularizer.Uniform)]
    [InlineData(Regularizer.TotalVariation)]
    public async Task SelectAsync_AnyVectors_ReachesTheOptimumOfTheLinearProgramOverTheAugmentedCost(
        Regularizer regularizer
    )
    {
        await Gen.Select(
                TaskPool.Gen,
                Gen.Double[0.05, 0.95],
                Gen.Double[0.1, 3],
                Gen.Double[0.1, 5].Array[5],
                Gen.Bool
            )
            .SampleAsync(
                async (problem, alpha, scale, all, isCentered) =>
                {
                    double[] weights = all[..problem.Targets.Count];
                    double[] shares = [.. weights.Select(weight => weight / weights.Sum())];
                    Normalization normalization = isCentered ? Normalization.L2 : Normalization.None;
                    (double[][] candidates, double[][] targets) = isCentered
                        ? RelevanceReference.Center(problem.Candidates, problem.Targets)
                        : (Rows(problem.Candidates), Rows(problem.Targets));
                    double[][] rows = Rows(problem.Candidates);
                    double[] copyWeights = RelevanceReference.CopyWeights(
                        isCentered ? [.. rows.Select(RelevanceReference.Unit)] : rows
                    );
                    RelevanceReference reference = new((candidates, copyWeights), targets, shares, 0.7);
                    double[][] distances =
                    [
                        .. targets.Select(target =>
                            candidates
                                .Select(
                                    (row, j) =>
                                        Math.Sqrt(RelevanceReference.DistanceSquared(row, target) + reference.Costs[j])
                                )
                                .ToArray()
                        ),
                    ];
                    double[] densities =
                    [
                        .. candidates.Select(x =>
                            candidates.Sum(y => Math.Max(0, 1 - (RelevanceReference.DistanceSquared(x, y) / 0.25)))
                        ),
                    ];
                    double optimum = LinearProgram.Minimize(
                        new Instance(distances, densities, alpha, scale),
                        regularizer,
                        shares
                    );

                    using CandidatePool pool = problem.Open(normalization);
                    SelectionResult result = await DataSelector.SelectAsync(
                        pool,
                        problem.Targets,
                        Defaults with
                        {
                            Regularizer = regularizer,
                            Alpha = alpha,
                            Scale = scale,
                            Bandwidth = 0.5,
                            TargetWeights = weights,
                            Relevance = 0.7,
                        }
                    );
                    Assert.Equal(optimum, result.Certificate.Primal, 2e-5 * Math.Max(1, optimum));
                    Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                    Assert.Equal(reference.Reliability, result.Relevance[0].Reliability, 1e-5);
                    for (int j = 0; j < result.Plan.CandidateIds.Length; j++)
                    {
                        double expected = reference.Costs[result.Plan.CandidateIds.Span[j]];
                        Assert.Equal(expected, result.Relevance[0].Costs.Span[j], 1e-4 * Math.Max(1, expected));
                    }
                },
                iter: 150,
                threads: 1
            );
    }

    [Fact]
    public async Task Certificate_AnyProblem_IsCertifiedAndDistancesAreTheTwoParts()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                using CandidatePool pool = problem.Pool.Open();
                SelectionResult result = await DataSelector.SelectAsync(
                    pool,
                    problem.Pool.Targets,
                    Defaults with
                    {
                        Regularizer = problem.Regularizer,
                        Alpha = problem.Alpha,
                        Scale = 1,
                        Relevance = problem.Relevance,
                    }
                );
                Assert.True(result.Certificate.IsCertified, $"{result.Certificate}");
                Assert.Equal(1, result.Plan.Probabilities.ToArray().Sum(), 1e-12);
                Assert.Equal(problem.Relevance == 0 ? 0 : 1, result.Relevance.Count);
                foreach (TransportEntry entry in result.Plan.Entries.Span)
                {
                    double cost =
                        problem.Relevance == 0
                            ? 0
                            : result.Relevance[0].Costs.Span[result.Plan.CandidateIds.Span.IndexOf(entry.CandidateId)];
                    Assert.True(entry.Distance * entry.Distance >= cost - 1e-12);
                }
            },
            iter: 300,
            threads: 1
        );
    }

    [Fact]
    public async Task SelectAsync_RepeatedTargets_ChangeNothing()
    {
        await Gen.Select(Problems, Gen.Int[2, 3])
            .SampleAsync(
                async (problem, times) =>
                {
                    int[] all = [.. Enumerable.Range(0, problem.Pool.Targets.Count)];
                    int[] repeated = [.. Enumerable.Repeat(all, times).SelectMany(targets => targets)];
                    SelectionOptions options = Defaults with
                    {
                        Regularizer = problem.Regularizer,
                        Alpha = problem.Alpha,
                        Scale = 1,
                        Bandwidth = 0.3,
                        Relevance = problem.Relevance,
                    };
                    using CandidatePool pool = problem.Pool.Open();
                    SelectionResult once = await DataSelector.SelectAsync(pool, problem.Pool.Targets, options);
                    SelectionResult often = await DataSelector.SelectAsync(
                        pool,
                        problem.Pool.Targets.Gather(repeated),
                        options
                    );
                    SelectionResult weighted = await DataSelector.SelectAsync(
                        pool,
                        problem.Pool.Targets.Gather([.. all, 0]),
                        options
                    );
                    SelectionResult single = await DataSelector.SelectAsync(
                        pool,
                        problem.Pool.Targets,
                        options with
                        {
                            TargetWeights = [.. all.Select(target => target == 0 ? 2.0 : 1)],
                        }
                    );
                    Assert.Equal(once.Certificate.Primal, often.Certificate.Primal, 1e-9);
                    Assert.Equal(single.Certificate.Primal, weighted.Certificate.Primal, 1e-9);
                },
                iter: 200,
                threads: 1
            );
    }

    [Fact]
    public async Task SelectAsync_PermutedRows_GivesThePermutedAnswer()
    {
        await Problems.SampleAsync(
            async problem =>
            {
                int[] order =
                [
                    .. Enumerable
                        .Range(0, problem.Pool.Candidates.Count)
                        .OrderBy(row => row * 7919 % 31)
                        .ThenBy(row => row),
                ];
                SelectionOptions options = Defaults with
                {
                    Regularizer = problem.Regularizer,
                    Alpha = problem.Alpha,
                    Scale = 1,
                    Bandwidth = 0.3,
                    Relevance = problem.Relevance,
                };
                using CandidatePool pool = problem.Pool.Open();
                using CandidatePool permuted = (
                    problem.Pool with
                    {
                        Candidates = problem.Pool.Candidates.Gather(order),
                    }
                ).Open();
                SelectionResult first = await DataSelector.SelectAsync(pool, problem.Pool.Targets, options);
                SelectionResult second = await DataSelector.SelectAsync(permuted, problem.Pool.Targets, options);
                Assert.Equal(first.Certificate.Primal, second.Certificate.Primal, 1e-6);
                Assert.Equal(first.TransportCost, second.TransportCost, 1e-6);
            },
            iter: 200,
            threads: 1
        );
    }

    /// <summary>Costs are in units of the data's own spread: a power of two changes no bit of the answer.</summary>
    [Fact]
    public async Task SelectAsync_ScaledVectorsWithoutNormalization_SelectsTheSameRows()
    {
        TaskPool problem = TaskPool.Create(3, 600, 20, 16);
        SelectionOptions options = Defaults with { Budget = 40 };
        using CandidatePool plain = problem.Open(Normalization.None);
        SelectionResult first = await SelectAsync(plain, problem.Targets, options);
        foreach (float factor in new[] { 8f, 1f / 1024 })
        {
            using CandidatePool scaled = new TaskPool(Scale(problem.Candidates, factor), problem.Targets).Open(
                Normalization.None
            );
            SelectionResult second = await SelectAsync(scaled, Scale(problem.Targets, factor), options);
            Assert.True(first.Relevance[0].Reliability > 0.5);
            Assert.Equal(first.CandidateIds.ToArray(), second.CandidateIds.ToArray());
            Assert.Equal(first.Plan.Probabilities.ToArray(), second.Plan.Probabilities.ToArray());
            Assert.Equal(first.Bandwidth * factor, second.Bandwidth, 1e-12);
            Assert.Equal(first.TransportCost * factor, second.TransportCost, 1e-12);
            Assert.Equal(first.Relevance[0].Scores.ToArray(), second.Relevance[0].Scores.ToArray());
        }

        static EmbeddingMatrix Scale(EmbeddingMatrix matrix, float factor) =>
            new(matrix.Values.ToArray().Select(value => value * factor).ToArray(), matrix.Dimension);
    }

    /// <summary>More rows than the sample has: who holds them, and on how many threads, changes nothing.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(0.4, false)]
    [InlineData(0.4, true)]
    public async Task SelectAsync_ThreadsShardsAndFilters_GiveTheSameBytes(double relevance, bool center)
    {
        const int Count = 9_000;
        const int Cut = 5_500;
        TaskPool problem = TaskPool.Create(5, Count, 30, 9, copies: 3);
        long[] hidden = [.. Enumerable.Range(0, 690).Select(i => (long)i * 13)];
        int[] left = [.. Enumerable.Range(0, Count).Where(row => Array.BinarySearch(hidden, row) < 0)];
        SelectionOptions options = Defaults with { Budget = 150, Seed = 7, Relevance = relevance, Center = center };
        using CandidatePool one = problem.Open();
        using CandidatePool three = problem.Open(threads: 3);
        using CandidatePool first = (
            problem with
            {
                Candidates = problem.Candidates.Gather([.. Enumerable.Range(0, Cut)]),
            }
        ).Open();
        using CandidatePool second = (
            problem with
            {
                Candidates = problem.Candidates.Gather([.. Enumerable.Range(Cut, Count - Cut)]),
            }
        ).Open(threads: 2);
        SelectionResult expected = await SelectAsync(one, problem.Targets, options);
        ICandidatePool[] pools = [three, new ShardedPool([first, second]), new UnknownPool(one)];
        foreach (ICandidatePool pool in pools)
        {
            AssertSame(expected, await SelectAsync(pool, problem.Targets, options with { ThreadCount = 3 }), id => id);
        }

        using CandidatePool removed = (problem with { Candidates = problem.Candidates.Gather(left) }).Open();
        AssertSame(
            await SelectAsync(removed, problem.Targets, options),
            await SelectAsync(new FilteredPool(three, hidden), problem.Targets, options),
            id => left[id]
        );
    }

    [Fact]
    public async Task SelectAsync_ExactDuplicates_KeepTheMassOfOneRow()
    {
        const int Copies = 1_000;
        TaskPool problem = TaskPool.Create(11, 800, 40, 12);
        SelectionOptions options = Defaults with { Budget = 40, Sampling = SamplingMethod.Multinomial };
        using CandidatePool plain = problem.Open();
        SelectionResult before = await SelectAsync(plain, problem.Targets, options);
        int position = Enumerable
            .Range(0, before.Plan.CandidateIds.Length)
            .Where(j => before.Plan.Densities.Span[j] == 1)
            .MaxBy(j => before.Plan.Probabilities.Span[j]);
        int original = (int)before.Plan.CandidateIds.Span[position];
        using CandidatePool copied = (
            problem with
            {
                Candidates = problem.Candidates.Gather([
                    .. Enumerable.Range(0, 800),
                    .. Enumerable.Repeat(original, Copies),
                ]),
            }
        ).Open();
        options = options with { Scale = before.Scale, Bandwidth = before.Bandwidth };
        SelectionResult once = await SelectAsync(plain, problem.Targets, options);
        SelectionResult after = await SelectAsync(copied, problem.Targets, options);
        Assert.True(before.Relevance[0].Reliability > 0.5);
        double massOnce = MassOf(once, id => id == original);
        Assert.Equal(massOnce, MassOf(after, id => id == original || id >= 800), 1e-4 * massOnce);
        Assert.Equal(once.TransportCost, after.TransportCost, 1e-4 * once.TransportCost);
    }

    /// <summary>Two tasks: the targets of each pay what they would pay alone.</summary>
    [Fact]
    public async Task SelectAsync_SeveralTasks_EachHasItsOwnDirection()
    {
        TaskPool one = TaskPool.Create(21, 500, 12, 10);
        TaskPool two = TaskPool.Create(21, 500, 9, 10, cluster: 2);
        EmbeddingMatrix both = new((float[])[.. one.Targets.Values.ToArray(), .. two.Targets.Values.ToArray()], 10);

        // Interleaved, so that rows of both tables have to find their places.
        int[] order = [.. Enumerable.Range(0, 21).OrderBy(i => i % 9).ThenBy(i => i)];
        int[] tasks = Array.ConvertAll(order, i => i < 12 ? 0 : 1);
        using CandidatePool pool = one.Open();
        SelectionOptions options = Defaults with { Budget = 30, EffectiveNeighbors = 500, Bandwidth = 0.2 };
        SelectionResult together = await SelectAsync(pool, both.Gather(order), options with { TargetTasks = tasks });
        SelectionResult[] alone =
        [
            await SelectAsync(pool, one.Targets, options),
            await SelectAsync(pool, two.Targets, options),
        ];
        Assert.Equal([0, 1], together.Relevance.Select(task => task.Task));
        Dictionary<(int, long), double> distances = [];
        for (int task = 0; task < 2; task++)
        {
            Assert.Equal(500, alone[task].Plan.CandidateIds.Length);
            Assert.Equal(alone[task].Relevance[0].Reliability, together.Relevance[task].Reliability);
            Assert.Equal(alone[task].Relevance[0].Costs.ToArray(), together.Relevance[task].Costs.ToArray());
            for (int j = 0; j < 500; j++)
            {
                Assert.Equal(
                    alone[task].Relevance[0].TargetShares.Span[j],
                    together.Relevance[task].TargetShares.Span[j],
                    1e-12
                );
            }
            foreach (TransportEntry entry in alone[task].Plan.Entries.Span)
            {
                distances[((task * 12) + entry.Target, entry.CandidateId)] = entry.Distance;
            }
        }

        Assert.All(
            together.Plan.Entries.ToArray(),
            entry => Assert.Equal(distances[(order[entry.Target], entry.CandidateId)], entry.Distance)
        );
        Assert.NotEqual(together.Relevance[0].Costs.ToArray(), together.Relevance[1].Costs.ToArray());
        Assert.True(together.Certificate.IsCertified);
    }

    private static Task<SelectionResult> SelectAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        SelectionOptions options
    ) => DataSelector.SelectAsync(pool, targets, options, null, TestContext.Current.CancellationToken);

    private static void AssertSame(SelectionResult expected, SelectionResult found, Func<long, long> idOf)
    {
        Assert.Equal(expected.CandidateIds.ToArray().Select(idOf), found.CandidateIds.ToArray());
        Assert.Equal(
            expected.Plan.Entries.ToArray().Select(entry => entry with { CandidateId = idOf(entry.CandidateId) }),
            found.Plan.Entries.ToArray()
        );
        Assert.Equal(expected.Certificate, found.Certificate);
        Assert.Equal(expected.Path, found.Path);
        Assert.Equal(
            expected.Relevance.SelectMany(task => task.Scores.ToArray()),
            found.Relevance.SelectMany(task => task.Scores.ToArray())
        );
    }

    private static double MassOf(SelectionResult result, Func<long, bool> isMember) =>
        Enumerable
            .Range(0, result.Plan.CandidateIds.Length)
            .Where(j => isMember(result.Plan.CandidateIds.Span[j]))
            .Sum(j => result.Plan.Probabilities.Span[j]);

    private static double[][] Rows(EmbeddingMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Count).Select(row => RelevanceReference.Row(matrix, row))];
}
