using Tsds.Sampling;
using Tsds.Tests.Tasks;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Sampling;

/// <summary>Near-copies share one row's chance in the draw.</summary>
public sealed class CopiesDrawTests
{
    private const int Originals = 3_000;
    private const int Dimension = 24;
    private const int Seeds = 4;

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
        SelectionOptions options = new() { Budget = 300 };
        SelectionResult shared = await SelectAsync(options);
        SelectionResult alone = await SelectAsync(options with { CopiesShareDraw = false });
        long[] costs = [.. shared.Plan.CandidateIds.ToArray().Select(_ => 7L)];
        int again = 0;
        int againWithout = 0;
        int againByCost = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            again += CountAgain(Draw(shared, seed));
            againWithout += CountAgain(Draw(alone, seed));
            DrawOptions byCost = new()
            {
                Total = 7 * 300,
                Costs = costs,
                Seed = seed,
            };
            againByCost += CountAgain(shared.Redraw(byCost).CandidateIds.ToArray());
        }

        Assert.Equal(shared.CandidateIds.ToArray(), Draw(shared, 0));
        const int Drawn = 300 * Seeds;
        Assert.True(again < 0.005 * Drawn, $"{again} of {Drawn}");
        Assert.True(againByCost < 0.005 * Drawn, $"{againByCost} of {Drawn} to a total of costs");
        Assert.True(againWithout >= again, $"{againWithout} without sharing");

        Task<SelectionResult> SelectAsync(SelectionOptions options) =>
            DataSelector.SelectAsync(pool, problem.Targets, options, null, TestContext.Current.CancellationToken);

        long[] Draw(SelectionResult result, ulong seed) =>
            Array.ConvertAll(
                Sampler
                    .Draw(SamplingMethod.Distinct, result.Plan.Probabilities.Span, 300, seed, result.Copies)
                    .Positions,
                position => result.Plan.CandidateIds.Span[position]
            );

        int CountAgain(long[] ids)
        {
            Assert.Equal(300, ids.Length);
            return 300 - ids.Select(id => id < Originals ? id : sources[id - Originals]).Distinct().Count();
        }
    }
}
