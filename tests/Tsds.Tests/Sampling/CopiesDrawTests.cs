using Tsds.Tests.Tasks;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Sampling;

/// <summary>Near-copies share one row's chance in the draw.</summary>
public sealed class CopiesDrawTests
{
    private const int Originals = 3_000;
    private const int Dimension = 24;

    /// <summary>One row in a hundred of the pool is copied, 10, 100 or 1,000 times.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-3f)]
    public async Task SelectAsync_CopiedRows_AreHardlyEverDrawnTwice(float noise)
    {
        TaskPool problem = TaskPool.Create(9, Originals, 60, Dimension);
        int[] copied = [.. Enumerable.Range(0, Originals / 100).Select(i => i * 100)];
        int[] sources = [.. copied.SelectMany((row, i) => Enumerable.Repeat(row, (int)Math.Pow(10, 1 + (i % 3))))];
        float[] values = new float[(Originals + sources.Length) * Dimension];
        problem.Candidates.Values.CopyTo(values);
        EmbeddingMatrix errors = Vectors.Create(10, sources.Length, Dimension, VectorKind.Spread);
        for (int copy = 0; copy < sources.Length; copy++)
        {
            for (int p = 0; p < Dimension; p++)
            {
                values[((Originals + copy) * Dimension) + p] =
                    problem.Candidates[sources[copy]][p] + (noise * errors[copy][p]);
            }
        }

        using CandidatePool pool = (problem with { Candidates = new EmbeddingMatrix(values, Dimension) }).Open();
        int drawn = 0;
        int again = 0;
        int againWithout = 0;
        int againByCost = 0;
        for (ulong seed = 0; seed < 4; seed++)
        {
            SelectionOptions options = new() { Budget = 300, Seed = seed };
            drawn += 300;
            again += await CountAgainAsync(options);
            againWithout += await CountAgainAsync(options with { CopiesShareDraw = false });
            againByCost += await CountAgainAsync(options, isByCost: true);
        }

        Assert.True(again < 0.005 * drawn, $"{again} of {drawn}");
        Assert.True(againByCost < 0.005 * drawn, $"{againByCost} of {drawn} to a total of costs");
        Assert.True(againWithout >= again, $"{againWithout} without sharing");

        async Task<int> CountAgainAsync(SelectionOptions options, bool isByCost = false)
        {
            SelectionResult result = await DataSelector.SelectAsync(
                pool,
                problem.Targets,
                options,
                null,
                TestContext.Current.CancellationToken
            );
            if (isByCost)
            {
                long[] costs = [.. result.Plan.CandidateIds.ToArray().Select(_ => 7L)];
                result = result.Redraw(
                    new DrawOptions
                    {
                        Total = 7 * 300,
                        Costs = costs,
                        Seed = options.Seed,
                    }
                );
            }

            Assert.Equal(300, result.CandidateIds.Length);
            return 300
                - result
                    .CandidateIds.ToArray()
                    .Select(id => id < Originals ? id : sources[id - Originals])
                    .Distinct()
                    .Count();
        }
    }
}
