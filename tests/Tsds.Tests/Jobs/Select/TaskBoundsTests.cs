using CsCheck;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Select;

public sealed class TaskBoundsTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Theory]
    [InlineData(0.4, 0.9 * 0.6 / 0.95, 0.4, 0.05 * 0.6 / 0.95)]
    [InlineData(0.01, 0.9, 0.05, 0.05)]
    public void Apply_FloorOfB_TakesFromTheOthersInProportion(double floor, params double[] expected)
    {
        double[] bounded = TaskBounds.Apply(
            ["a", "b", "c"],
            [0.9, 0.05, 0.05],
            [],
            [new ShareLimit("b", floor, IsTask: true)]
        );
        Assert.Equal(expected, bounded, (x, y) => Math.Abs(x - y) <= 1e-12);
    }

    /// <summary>
    /// The nearest shares within bounds: the tasks inside their bounds keep their ratios, and one at a bound would lie
    /// beyond it by the same factor.
    /// </summary>
    [Fact]
    public void Apply_AnyBoundsThatLeaveRoom_KeepsRatiosAndBounds() =>
        Gen.Select(Gen.Double[0.01, 1].Array[4], Gen.Double[0, 0.24].Array[4], Gen.Double[0.26, 1].Array[4])
            .Sample(
                (raw, least, most) =>
                {
                    double[] shares = [.. raw.Select(share => share / raw.Sum())];
                    double[] bounded = TaskBounds.Apply(Names, shares, Limits(most), Limits(least));
                    Assert.Equal(1, bounded.Sum(), 1e-9);
                    double[] free =
                    [
                        .. Enumerable
                            .Range(0, 4)
                            .Where(task => bounded[task] > least[task] && bounded[task] < most[task])
                            .Select(task => bounded[task] / shares[task]),
                    ];
                    double low = free.Length > 0 ? free.Min() : 0;
                    double high = free.Length > 0 ? free.Max() : double.MaxValue;
                    Assert.True(free.Length == 0 || high - low <= 1e-9 * high);
                    for (int task = 0; task < 4; task++)
                    {
                        Assert.InRange(bounded[task], least[task], most[task]);
                        Assert.True(
                            free.Length == 0 || bounded[task] > least[task] || low * shares[task] <= least[task] + 1e-9
                        );
                        Assert.True(
                            free.Length == 0 || bounded[task] < most[task] || high * shares[task] >= most[task] - 1e-9
                        );
                    }
                }
            );

    [Fact]
    public void Apply_BoundsThatHoldAlready_ChangeNothing()
    {
        double[] shares = [0.1, 0.2, 0.3, 0.4];
        Assert.Same(
            shares,
            TaskBounds.Apply(
                Names,
                shares,
                [new ShareLimit("a", 0.1, true), new ShareLimit("web", 0, false)],
                [new ShareLimit("d", 0.4, true)]
            )
        );
    }

    [Fact]
    public void Apply_BoundsThatCannotHold_SaysWhy()
    {
        double[] shares = [0.1, 0.2, 0.3, 0.4];
        Assert.Contains("found 'e'", Refusal(shares, [new ShareLimit("e", 0.5, true)], []), StringComparison.Ordinal);
        Assert.Contains("at most 100 %", Refusal(shares, [], Limits([0.5, 0.4, 0.2, 0])), StringComparison.Ordinal);
        Assert.Contains("at least 100 %", Refusal(shares, Limits([0.2, 0.2, 0.2, 0.2]), []), StringComparison.Ordinal);
        Assert.Contains("leave its targets out", Refusal(shares, Limits([1, 0, 1, 1]), []), StringComparison.Ordinal);
    }

    private static string Refusal(double[] shares, ShareLimit[] caps, ShareLimit[] floors) =>
        Assert.Throws<ArgumentException>(() => TaskBounds.Apply(Names, shares, caps, floors)).Message;

    private static ShareLimit[] Limits(double[] shares) =>
        [.. shares.Select((share, task) => new ShareLimit(Names[task], share, IsTask: true))];
}
