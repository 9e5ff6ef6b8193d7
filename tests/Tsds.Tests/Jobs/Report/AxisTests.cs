using CsCheck;
using Tsds.Jobs.Report;

namespace Tsds.Tests.Jobs.Report;

public sealed class AxisTests
{
    [Fact]
    public void Ticks_OfAUnit_AreRound() => Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], new Axis(0, 1).Ticks(5));

    [Fact]
    public void Ticks_AnyRange_AreFewAndInside() =>
        Gen.Double[-1e4, 1e4]
            .Select(Gen.Double[1e-3, 1e6])
            .Sample(
                (low, length) =>
                {
                    Axis axis = new(low, low + length);
                    double[] ticks = [.. axis.Ticks(4)];
                    Assert.InRange(ticks.Length, 2, 8);
                    Assert.All(ticks, tick => Assert.InRange(axis.At(tick), -1e-3, 100 + 1e-3));
                }
            );

    [Fact]
    public void Around_Values_HoldsThemAll() =>
        Gen.Double[-100, 100]
            .Array[1, 20]
            .Sample(values =>
            {
                Axis axis = Axis.Around(values);
                Assert.All(values, value => Assert.InRange(axis.At(value), 0, 100));
            });
}
