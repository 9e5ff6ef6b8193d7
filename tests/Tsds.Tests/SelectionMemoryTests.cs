namespace Tsds.Tests;

public sealed class SelectionMemoryTests
{
    private const long Candidates = 60_000;
    private const long Targets = 300;
    private const int Dimension = 96;

    /// <summary>The bytes of each pair of a target and a neighbor: what is kept of it, and its plan entry.</summary>
    private const long BytesPerPair = 60;

    private static readonly SelectionOptions Plain = new()
    {
        Budget = 6_000,
        Relevance = 0,
        Center = false,
    };

    [Fact]
    public void Estimate_LargerBudget_IsMore()
    {
        long[] estimates =
        [
            .. new long[] { 600, 6_000, 30_000, 60_000 }.Select(rows => Of(Plain with { Budget = rows })),
        ];
        Assert.Equal(estimates.Order(), estimates);
        Assert.Equal(estimates.Distinct(), estimates);
    }

    /// <summary>The last rows of a pool are reached by targets that have all the others already.</summary>
    [Fact]
    public void Estimate_WholePool_IsMuchMoreThanTwiceHalfOfIt() =>
        Assert.InRange(Of(Plain with { Budget = 60_000 }), 3 * Of(Plain with { Budget = 30_000 }) / 2, long.MaxValue);

    [Fact]
    public void Estimate_BudgetAbovePool_IsThatOfTheWholePool() =>
        Assert.Equal(Of(Plain with { Budget = 60_000 }), Of(Plain with { Budget = 600_000 }));

    [Fact]
    public void Estimate_MemoryLimit_BoundsThePasses()
    {
        SelectionOptions wide = Plain with { Budget = 30_000 };
        Assert.InRange(Of(wide with { MemoryLimit = 20_000_000 }), 1, Of(wide) - 10_000_000);
    }

    [Fact]
    public void Estimate_EveryCandidateOfEveryTarget_CountsThePairs()
    {
        Assert.InRange(Of(Plain with { Alpha = 0 }), Candidates * Targets * BytesPerPair, long.MaxValue);
        Assert.InRange(
            Of(Plain with { Regularizer = Regularizer.TotalVariation }),
            Candidates * Targets * BytesPerPair,
            long.MaxValue
        );
    }

    [Fact]
    public void Estimate_EffectiveNeighbors_CountsThem() =>
        Assert.InRange(
            Of(Plain with { EffectiveNeighbors = 2_000 }),
            2_000 * Targets * BytesPerPair,
            Of(Plain with { EffectiveNeighbors = 4_000 })
        );

    [Fact]
    public void Estimate_PublishedDensityBase_CountsItsPopulation() =>
        Assert.InRange(
            Of(Plain with { DensityBase = DensityBase.Neighbors }),
            5_000 * Targets * BytesPerPair,
            long.MaxValue
        );

    /// <summary>The sample is read before any neighbor, and is larger than a small selection.</summary>
    [Fact]
    public void Estimate_CenteredWithFewRows_CountsTheSample()
    {
        SelectionOptions few = Plain with { Budget = 10 };
        Assert.InRange(Of(few with { Center = true }), 8_192L * Dimension * 24, long.MaxValue);
        Assert.InRange(Of(few with { Relevance = 0.4 }), 8_192L * Dimension * 24, long.MaxValue);
    }

    [Fact]
    public void Estimate_MoreTasks_CountsTheirScores()
    {
        int[] tasks = [.. Enumerable.Range(0, (int)Targets).Select(target => target % 10)];
        SelectionOptions one = Plain with { Budget = 30_000, Relevance = 0.4 };
        Assert.InRange(Of(one with { TargetTasks = tasks }) - Of(one), 9 * 24 * 30_000, long.MaxValue);
    }

    [Fact]
    public void Estimate_BeyondAnyMemory_IsTheLargestNumber() =>
        Assert.Equal(
            long.MaxValue,
            DataSelector.EstimateMemory(Plain with { Alpha = 0 }, 1L << 50, 1L << 30, Dimension)
        );

    private static long Of(SelectionOptions options) =>
        DataSelector.EstimateMemory(options, Candidates, Targets, Dimension);
}
