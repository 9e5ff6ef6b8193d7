using CsCheck;
using Tsds.Sampling;

namespace Tsds.Tests.Sampling;

/// <summary>Laws of draws to a total of costs, within shares of groups.</summary>
public sealed class BoundedDrawTests
{
    private static readonly Gen<(
        double[] Probabilities,
        int[] GroupOf,
        double[] Bounds,
        long[] Costs,
        double Share,
        ulong Seed
    )> Problems =
        from count in Gen.Int[1, 120]
        from probabilities in Gen.Double[1e-4, 1].Select(p => p * p * p).Array[count]
        from groupOf in Gen.Int[0, 2].Array[count]
        from bounds in Gen.Double[0, 1].Array[6]
        from costs in Gen.Long[1, 50].Array[count]
        from share in Gen.Double[0.02, 1]
        from seed in Gen.ULong
        select (probabilities, groupOf, bounds, costs, share, seed);

    [Fact]
    public void Run_RowsWithinBounds_DrawsTheTotalAndEachGroupWithinARowOfItsExpectation()
    {
        int met = 0;
        Problems.Sample(
            problem =>
            {
                double total = Math.Max(1, Math.Floor(problem.Share * problem.Probabilities.Length));
                DrawOptions options = Options(problem.GroupOf, problem.Bounds, total) with { Seed = problem.Seed };
                if (!TryShare(problem.Probabilities, OnesOf(problem.Probabilities), options, out GroupShares? shares))
                {
                    return;
                }

                Interlocked.Increment(ref met);
                int[] drawn = new BoundedDraw(problem.Probabilities, options).Run();
                Assert.Equal(total, drawn.Length);
                Assert.Equal(total, shares!.Aims.Sum(), 1e-6);
                for (int g = 0; g < 3; g++)
                {
                    double expected = Enumerable
                        .Range(0, problem.Probabilities.Length)
                        .Where(j => problem.GroupOf[j] == g)
                        .Sum(shares.Of);
                    Assert.Equal(shares.Aims[g], expected, 1e-6);
                    Assert.InRange(
                        shares.Aims[g],
                        (options.Groups[g].Least * total) - 1e-6,
                        (options.Groups[g].Most * total) + 1e-6
                    );
                    Assert.True(Math.Abs(drawn.Count(j => problem.GroupOf[j] == g) - shares.Aims[g]) < 1 + 1e-6);
                }
            },
            iter: 400,
            threads: 1
        );
        Assert.True(met > 50, $"only {met} of the problems could be met");
    }

    [Fact]
    public void Create_BoundsThatBind_KeepsOneFactorForTheOtherGroups()
    {
        Problems.Sample(
            problem =>
            {
                double total = Math.Max(1, Math.Floor(problem.Share * problem.Probabilities.Length));
                DrawOptions options = Options(problem.GroupOf, problem.Bounds, total);
                if (!TryShare(problem.Probabilities, OnesOf(problem.Probabilities), options, out GroupShares? shares))
                {
                    return;
                }

                // The conditions of optimality: one factor c for all groups, but more at a floor and less at a cap.
                double common = Enumerable
                    .Range(0, 3)
                    .Where(g => IsInside(options, shares!, g, total))
                    .Select(g => shares!.Factors[g])
                    .DefaultIfEmpty(double.NaN)
                    .First();
                for (int g = 0; g < 3 && !double.IsNaN(common); g++)
                {
                    double factor = shares!.Factors[g];
                    Assert.True(
                        IsInside(options, shares, g, total)
                            ? Math.Abs(factor - common) <= 1e-9 * common
                            : IsAtCap(options, shares, g, total) || factor >= common * (1 - 1e-9),
                        $"group {g}: {factor} against {common}"
                    );
                }
            },
            iter: 400,
            threads: 1
        );
    }

    /// <summary>The seed is one where a group that went back into its bounds left the others too little.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("7XTI5bKJdCkb")]
    public void Run_Costs_MeetsTheTotalWithinHalfARow(string? first)
    {
        int met = 0;
        Gen.Select(Problems, Gen.Bool)
            .Sample(
                (problem, isTop) =>
                {
                    double total = Math.Max(1, Math.Floor(0.8 * problem.Share * problem.Costs.Sum()));
                    DrawOptions options = Options(problem.GroupOf, problem.Bounds, total) with
                    {
                        Costs = problem.Costs,
                        Seed = problem.Seed,
                        Sampling = isTop ? SamplingMethod.Top : SamplingMethod.Distinct,
                    };
                    if (!TryShare(problem.Probabilities, problem.Costs, options, out GroupShares? shares))
                    {
                        return;
                    }

                    Interlocked.Increment(ref met);
                    int[] drawn = new BoundedDraw(problem.Probabilities, options).Run();
                    Assert.Equal(drawn.Distinct().Order(), drawn);
                    double half = problem.Costs.Max() / 2.0;
                    double[] spent =
                    [
                        .. Enumerable
                            .Range(0, 3)
                            .Select(g => drawn.Where(j => problem.GroupOf[j] == g).Sum(j => (double)problem.Costs[j])),
                    ];
                    for (int g = 0; g < 3; g++)
                    {
                        Assert.True(
                            spent[g] >= (options.Groups[g].Least * total) - half - 1e-6,
                            $"group {g}: {spent[g]} below its floor by more than half a row"
                        );
                        Assert.True(
                            spent[g] <= (options.Groups[g].Most * total) + half + 1e-6,
                            $"group {g}: {spent[g]} above its cap by more than half a row"
                        );
                    }

                    // Groups that are all within half a row of their bounds cannot come nearer to the total.
                    bool isBound = Enumerable
                        .Range(0, 3)
                        .All(g =>
                            spent.Sum() < total
                                ? spent[g] >= shares!.Bound(g, double.PositiveInfinity) - half - 1e-6
                                : spent[g] <= shares!.Bound(g, 0) + half + 1e-6
                        );
                    bool isExhausted = Enumerable.Range(0, 3).Any(g => IsLastReached(problem.GroupOf, drawn, g));
                    Assert.True(
                        Math.Abs(spent.Sum() - total) <= half + 1e-6 || isExhausted || isBound,
                        $"{spent.Sum()} for {total} from groups of {string.Join(", ", spent)}"
                    );
                },
                seed: first,
                iter: 400,
                threads: 1
            );
        Assert.True(met > 50, $"only {met} of the problems could be met");
    }

    [Fact]
    public void Run_ManySeeds_KeepsTheInclusionProbabilities()
    {
        double[] probabilities = [0.3, 0.1, 0.2, 0.05, 0.15, 0.02, 0.08, 0.1];
        int[] groupOf = [0, 0, 1, 1, 1, 2, 2, 2];
        DrawOptions options = Options(groupOf, [0, 0.3, 0, 1, 0.3, 0.6], 4);
        Assert.True(TryShare(probabilities, OnesOf(probabilities), options, out GroupShares? shares));
        const int Draws = 5_000;
        int[] counts = new int[probabilities.Length];
        for (ulong seed = 0; seed < Draws; seed++)
        {
            foreach (int position in new BoundedDraw(probabilities, options with { Seed = seed }).Run())
            {
                counts[position]++;
            }
        }

        // Five standard deviations of a frequency.
        for (int j = 0; j < counts.Length; j++)
        {
            Assert.Equal(shares!.Of(j), (double)counts[j] / Draws, 5 * Math.Sqrt(0.25 / Draws));
        }
    }

    [Theory]
    [InlineData(0.9, 1, "from 'b'")]
    [InlineData(0, 0.1, "within the caps")]
    public void Create_BoundsThatCannotBeMet_SaysWhy(double least, double most, string part)
    {
        DrawOptions options = new()
        {
            Total = 4,
            Groups = [new DrawGroup("a", 0, most), new DrawGroup("b", least, 1)],
            GroupOf = [0, 0, 0, 0, 1, 1],
        };
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            new BoundedDraw([0.2, 0.2, 0.2, 0.2, 0.1, 0.1], options)
        );
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static bool IsAtCap(DrawOptions options, GroupShares shares, int g, double total) =>
        shares.Aims[g] >= (options.Groups[g].Most * total) - 1e-9
        || shares.Aims[g] >= options.GroupOf!.Count(group => group == g) - 1e-9;

    private static bool IsInside(DrawOptions options, GroupShares shares, int g, double total) =>
        shares.Aims[g] > (options.Groups[g].Least * total) + 1e-9 && !IsAtCap(options, shares, g, total);

    /// <summary>Determines whether a group can neither give up nor receive rows.</summary>
    private static bool IsLastReached(int[] groupOf, int[] drawn, int g)
    {
        int count = drawn.Count(j => groupOf[j] == g);
        return count == 0 || count == groupOf.Count(group => group == g);
    }

    private static long[] OnesOf(double[] values) => Array.ConvertAll(values, _ => 1L);

    private static DrawOptions Options(int[] groupOf, double[] bounds, double total) =>
        new()
        {
            Total = total,
            GroupOf = groupOf,
            Groups =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(g => new DrawGroup(
                        $"group {g}",
                        Math.Min(bounds[2 * g], bounds[(2 * g) + 1]) / 2,
                        Math.Max(bounds[2 * g], bounds[(2 * g) + 1])
                    )),
            ],
        };

    private static bool TryShare(double[] probabilities, long[] costs, DrawOptions options, out GroupShares? shares)
    {
        try
        {
            shares = GroupShares.Create(probabilities, [], costs, [.. options.GroupOf!], options.Groups, options.Total);
            return true;
        }
        catch (InvalidOperationException)
        {
            shares = null;
            return false;
        }
    }
}
