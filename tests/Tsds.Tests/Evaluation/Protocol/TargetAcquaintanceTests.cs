using Tsds.Evaluation.Protocol;

namespace Tsds.Tests.Evaluation.Protocol;

public sealed class TargetAcquaintanceTests
{
    [Fact]
    public void Measure_TargetsThatLieTogether_FindEachOtherFirst()
    {
        EmbeddingMatrix rows = Matrix(Enumerable.Range(0, 20).Select(i => Direction(90 + (i * 9))));
        EmbeddingMatrix targets = Matrix(Enumerable.Range(0, 10).Select(i => Direction(i)));
        Assert.All(Measure(targets, rows).Percentiles, percentile => Assert.Equal(0, percentile));
    }

    [Fact]
    public void Measure_OneTargetAmongTheRows_IsAsFarAsTheRowsBeforeIt()
    {
        // The rows' mean is zero, so that nothing moves. From the targets at 0°, 1° ... the one at 100° comes behind
        // the rows at ±45°, ±90° and before those at ±135° and 180°: four of eight, and 0° before all.
        EmbeddingMatrix rows = Matrix(Enumerable.Range(0, 8).Select(i => Direction(i * 45)));
        EmbeddingMatrix targets = Matrix([.. Enumerable.Range(0, 9).Select(i => Direction(i)), Direction(100)]);
        TargetAcquaintance measured = Measure(targets, rows);
        Assert.Equal(5 / 8.0, measured.Percentiles[9], 12);
        Assert.True(measured.Percentiles.Take(9).All(percentile => percentile <= 1 / 8.0));
    }

    [Fact]
    public void Measure_RowsAtTheSamePlace_CountHalf()
    {
        EmbeddingMatrix rows = Matrix([Direction(0), Direction(120), Direction(240)]);
        EmbeddingMatrix targets = Matrix([Direction(0), Direction(0), Direction(0)]);
        Assert.All(Measure(targets, rows).Percentiles, percentile => Assert.Equal(1 / 6.0, percentile, 12));
    }

    [Fact]
    public void Measure_Scale_ChangesNothing()
    {
        EmbeddingMatrix rows = Matrix(Enumerable.Range(0, 40).Select(i => Direction(i * 37)));
        EmbeddingMatrix targets = Matrix(Enumerable.Range(0, 7).Select(i => Direction(i * 11)));
        Assert.Equal(Measure(targets, rows).Percentiles, Measure(Scaled(targets, 4), Scaled(rows, 4)).Percentiles);
    }

    [Fact]
    public void AdvantageOver_Better_IsPositiveAndInUnitsOfItsError()
    {
        TargetAcquaintance good = new([0.1, 0.2, 0.3, 0.1]);
        TargetAcquaintance poor = new([0.2, 0.4, 0.4, 0.2]);

        // Differences 0.1, 0.2, 0.1, 0.1: mean 0.125, standard deviation 0.05.
        Assert.Equal(0.125 / (0.05 / 2), good.AdvantageOver(poor), 9);
        Assert.Equal(-5, poor.AdvantageOver(good), 9);
        Assert.Equal(0, good.AdvantageOver(good));
    }

    private static TargetAcquaintance Measure(EmbeddingMatrix targets, EmbeddingMatrix rows)
    {
        TargetAcquaintance one = TargetAcquaintance.Measure(targets, rows, 1, TestContext.Current.CancellationToken);
        TargetAcquaintance three = TargetAcquaintance.Measure(targets, rows, 3, TestContext.Current.CancellationToken);
        Assert.Equal(one.Percentiles, three.Percentiles);
        return one;
    }

    private static float[] Direction(double degrees) =>
        [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];

    private static EmbeddingMatrix Matrix(IEnumerable<float[]> rows) => new(rows.SelectMany(row => row).ToArray(), 2);

    private static EmbeddingMatrix Scaled(EmbeddingMatrix rows, float factor) =>
        new(Array.ConvertAll(rows.Values.ToArray(), value => value * factor), 2);
}
