using CsCheck;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;

namespace Tsds.Tests.Evaluation.Methods;

public sealed class ScoreMethodTests
{
    [Fact]
    public void Random_WithoutHiddenRows_IsTheFirstStreamOfRandomRows()
    {
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle([.. Enumerable.Range(0, 200).Select(i => (double)i)]),
            BaselineInputs.Circle(0),
            20
        ) with
        {
            Seed = 7,
        };
        Assert.Equal(RandomRows.Draw(200, 20, 7), BaselineInputs.Select("random", inputs).Order());
    }

    [Fact]
    public void Random_LargerBudget_OnlyAddsRows() =>
        BaselineInputs.All.Sample(inputs =>
        {
            long[] all = BaselineInputs.Select("random", inputs with { Budget = inputs.Candidates.Count });
            return BaselineInputs.Select("random", inputs).SequenceEqual(all.Take((int)inputs.Budget))
                && all.Order().SequenceEqual(inputs.EnumerateIds());
        });

    [Fact]
    public void MaxSim_RowsOnACircle_AreTakenByTheNearestTarget()
    {
        // Angles to the nearest of the targets at 0° and 90°: 40, 10, 30, 90.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(40, 100, 60, 180),
            BaselineInputs.Circle(0, 90),
            3
        );
        Assert.Equal([1, 2, 0], BaselineInputs.Select("max-sim", inputs));
        Assert.Equal(Math.Cos(Math.PI / 18), BaselineInputs.Scores("max-sim", inputs)[0], 6);
    }

    [Fact]
    public void MaxSim_AnyPool_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
            Assert.Equal(
                "",
                BaselineInputs.Disagreement(
                    inputs,
                    BaselineInputs.Select("max-sim", inputs),
                    id =>
                        Enumerable
                            .Range(0, inputs.Targets.Count)
                            .Max(target => BaselineInputs.Cosine(inputs, id, target))
                )
            )
        );

    [Fact]
    public void MaxSim_EqualRows_ComeByTheirIds()
    {
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(90, 5, 5, 5, 5), BaselineInputs.Circle(0), 3);
        Assert.Equal([1, 2, 3], BaselineInputs.Select("max-sim", inputs));
    }

    [Fact]
    public async Task AnyMethod_BudgetAbovePool_IsRefused()
    {
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(1, 2), BaselineInputs.Circle(0), 3);
        foreach (string name in SelectionMethods.Names)
        {
            InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                SelectionMethods.Find(name).SelectAsync(inputs, null, TestContext.Current.CancellationToken)
            );
            Assert.Contains("the pool's 2 rows, found 3", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Find_UnknownName_NamesTheOthers() =>
        Assert.Contains(
            "max-sim",
            Assert.Throws<ArgumentException>(() => SelectionMethods.Find("maxsim")).Message,
            StringComparison.Ordinal
        );
}
