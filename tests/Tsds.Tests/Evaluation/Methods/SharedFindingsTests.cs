using Tsds.Evaluation.Methods;

namespace Tsds.Tests.Evaluation.Methods;

/// <summary>Values that methods share must change nothing but the time.</summary>
public sealed class SharedFindingsTests
{
    [Theory]
    [InlineData("semdedup")]
    [InlineData("d4")]
    [InlineData("dsir")]
    public void Select_FindingsOfOthers_ChoosesTheSameRows(string method)
    {
        MethodInputs alone = BaselineInputs.OfTexts(
            [.. Enumerable.Range(0, 40).Select(row => $"a{row % 7} b{row % 5} c{row}")],
            ["a1 b1", "a2 b3"],
            10
        ) with
        {
            Pool = BaselineInputs
                .Create(
                    BaselineInputs.Circle([.. Enumerable.Range(0, 40).Select(row => row * row % 360.0)]),
                    BaselineInputs.Circle(10, 80),
                    10
                )
                .Pool,
            Targets = BaselineInputs.Circle(10, 80),
        };
        MethodInputs shared = alone with { Findings = new PoolFindings() };
        foreach (string other in new[] { "semdedup", "d4", "dsir" })
        {
            BaselineInputs.Select(other, shared);
        }

        MethodInputs otherSeed = shared with { Seed = 5 };
        Assert.Equal(BaselineInputs.Select(method, alone), BaselineInputs.Select(method, shared));
        Assert.Equal(BaselineInputs.Select(method, alone with { Seed = 5 }), BaselineInputs.Select(method, otherSeed));
    }

    [Fact]
    public async Task FindOnceAsync_Twice_FindsOnceWhereFindingsAreShared()
    {
        int found = 0;
        MethodInputs alone = BaselineInputs.OfTexts(["a"], ["a"], 1);
        MethodInputs shared = alone with { Findings = new PoolFindings() };
        foreach (MethodInputs inputs in new[] { alone, alone, shared, shared with { Budget = 1 } })
        {
            Assert.Equal("it", await inputs.FindOnceAsync("thing", () => Task.FromResult(found++ >= 0 ? "it" : "")));
        }

        Assert.Equal(3, found);
    }
}
