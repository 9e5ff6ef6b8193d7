using CsCheck;
using Tsds.Evaluation.Methods;

namespace Tsds.Tests.Evaluation.Methods;

public sealed class GreedyMethodTests
{
    [Fact]
    public void KCenter_RowsOnACircle_AreTakenFarthestFirst()
    {
        // The mean target points to 0°: row 1 is nearest. Then 180°, then 90°, which is farther from both than 60° and
        // 130° are.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(60, 5, 180, 90, 130),
            BaselineInputs.Circle(20, -20),
            3
        );
        Assert.Equal([1, 2, 3], BaselineInputs.Select("kcenter", inputs));
        Assert.Equal(Chord(175), BaselineInputs.Scores("kcenter", inputs)[1], 6);
        Assert.Equal(Chord(85), BaselineInputs.Scores("kcenter", inputs)[2], 6);
    }

    [Fact]
    public void KCenter_AnyPool_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
        {
            Dictionary<long, float[]> rows = BaselineInputs.RowsOf(inputs);
            double[] mean =
            [
                .. Enumerable
                    .Range(0, inputs.Targets.Dimension)
                    .Select(p => Enumerable.Range(0, inputs.Targets.Count).Average(j => (double)inputs.Targets[j][p])),
            ];
            double Score(long id, long[] before) =>
                before.Length == 0
                    ? -rows[id].Select((value, p) => (value - mean[p]) * (value - mean[p])).Sum()
                    : before.Min(other => Distance(rows[id], rows[other]));
            Assert.Equal(
                "",
                BaselineInputs.GreedyDisagreement(inputs, BaselineInputs.Select("kcenter", inputs), Score, 1e-7)
            );
        });

    [Fact]
    public void FacilityLocation_TwoTargets_CoversBothBeforeItRepeats()
    {
        // Targets at 0° and 90°. Row 1 covers cos 1° of the first and sin 1° of the second, and counts cos 1° itself.
        // Then row 2 adds 1 − sin 1° and 1; row 0 only 1 − cos 1° and 1.
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(0, 1, 90), BaselineInputs.Circle(0, 90), 3);
        Assert.Equal([1, 2, 0], BaselineInputs.Select("facloc", inputs));
        Assert.Equal(2 - Math.Cos(Math.PI / 180), BaselineInputs.Scores("facloc", inputs)[2], 6);
    }

    [Fact]
    public void FacilityLocation_AnyPool_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
        {
            Dictionary<long, double[]> similarities = inputs
                .EnumerateIds()
                .ToDictionary(
                    id => id,
                    id =>
                        Enumerable
                            .Range(0, inputs.Targets.Count)
                            .Select(target => Math.Max(0, BaselineInputs.Cosine(inputs, id, target)))
                            .ToArray()
                );
            double Value(IEnumerable<long> set) =>
                Enumerable
                    .Range(0, inputs.Targets.Count)
                    .Sum(target => set.Select(id => similarities[id][target]).DefaultIfEmpty(0).Max())
                + set.Sum(id => similarities[id].Max());
            double Score(long id, long[] before) => Value(before.Append(id)) - Value(before);
            Assert.Equal(
                "",
                BaselineInputs.GreedyDisagreement(inputs, BaselineInputs.Select("facloc", inputs), Score, 1e-6)
            );
        });

    [Fact]
    public void Herding_CopiesOfTheBestRow_ComeAfterOthers()
    {
        // Targets at 0° and 90°. Row 2 at 45° is nearest to both on average; its copy, row 3, has lost as much to it as
        // it had.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(0, 90, 45, 45, 270),
            BaselineInputs.Circle(0, 90),
            3
        );
        Assert.Equal([2, 0, 1], BaselineInputs.Select("herding", inputs));
    }

    [Fact]
    public void Herding_AnyPool_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
        {
            Dictionary<long, float[]> rows = BaselineInputs.RowsOf(inputs);
            List<float[]> both =
            [
                .. rows.Values,
                .. Enumerable.Range(0, inputs.Targets.Count).Select(target => inputs.Targets[target].ToArray()),
            ];
            double[] distances = [.. both.SelectMany(_ => both, Distance).Where(distance => distance > 0).Order()];
            double bandwidth = (distances[(distances.Length - 1) / 2] + distances[distances.Length / 2]) / 2;
            double Kernel(float[] x, float[] y) =>
                Math.Exp(-Distance(x, y) * Distance(x, y) / (2 * bandwidth * bandwidth));
            double Score(long id, long[] before) =>
                Enumerable
                    .Range(0, inputs.Targets.Count)
                    .Average(target => Kernel(rows[id], inputs.Targets[target].ToArray()))
                - (before.Sum(other => Kernel(rows[id], rows[other])) / (before.Length + 1));
            Assert.Equal(
                "",
                BaselineInputs.GreedyDisagreement(inputs, BaselineInputs.Select("herding", inputs), Score, 1e-6)
            );
        });

    [Theory]
    [InlineData("kcenter")]
    [InlineData("facloc")]
    [InlineData("herding")]
    [InlineData("rds+")]
    [InlineData("semdedup")]
    [InlineData("d4")]
    public void AnyGreedyMethod_MoreThreads_ChoosesTheSame(string method) =>
        BaselineInputs.All.Sample(
            inputs =>
                BaselineInputs
                    .Select(method, inputs with { ThreadCount = 1 })
                    .SequenceEqual(BaselineInputs.Select(method, inputs with { ThreadCount = 3 })),
            iter: 20
        );

    private static double Chord(double degrees) => 2 * Math.Sin(degrees * Math.PI / 360);

    private static double Distance(float[] x, float[] y) =>
        Math.Sqrt(x.Zip(y, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
}
