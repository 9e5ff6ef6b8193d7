using CsCheck;
using Tsds.Evaluation.Protocol;

namespace Tsds.Tests.Evaluation.Protocol;

public sealed class TargetSplitTests
{
    private static readonly Gen<string[]> Groups = Gen.Int[0, 15]
        .Select(group => $"g{group}")
        .Array[2, 120]
        .Where(groups => groups.Distinct().Count() > 1);

    [Fact]
    public void Create_AnyGroups_NeverSplitsAGroup() =>
        Gen.Select(Groups, Gen.ULong)
            .Sample(
                (groups, seed) =>
                {
                    foreach (TargetFold fold in TargetSplit.Create(groups, seed))
                    {
                        Assert.Empty(
                            fold.SelectionSplit.Select(target => groups[target])
                                .Intersect(fold.HeldOut.Select(target => groups[target]))
                        );
                        Assert.Equal(
                            Enumerable.Range(0, groups.Length),
                            fold.SelectionSplit.Concat(fold.HeldOut).Order()
                        );
                        Assert.NotEmpty(fold.SelectionSplit);
                        Assert.NotEmpty(fold.HeldOut);
                        Assert.Equal(fold.SelectionSplit, fold.Oracle);
                    }
                }
            );

    [Fact]
    public void Create_FewTargets_HoldsEachOutOnce() =>
        Gen.Select(Groups.Where(groups => groups.Length < 40), Gen.ULong)
            .Sample(
                (groups, seed) =>
                {
                    IReadOnlyList<TargetFold> folds = TargetSplit.Create(groups, seed);
                    Assert.Equal(Math.Min(5, groups.Distinct().Count()), folds.Count);
                    Assert.Equal(Enumerable.Range(0, groups.Length), folds.SelectMany(fold => fold.HeldOut).Order());
                }
            );

    [Fact]
    public void Create_FortyOfTheirOwn_AreTwoHalvesThatFollowTheSeed()
    {
        string[] groups = [.. Enumerable.Range(0, 41).Select(target => $"{target}")];
        TargetFold fold = Assert.Single(TargetSplit.Create(groups, 1));
        Assert.Equal((21, 20), (fold.SelectionSplit.Count, fold.HeldOut.Count));
        Assert.Equal(fold.SelectionSplit, TargetSplit.Create(groups, 1)[0].SelectionSplit);
        Assert.NotEqual(fold.SelectionSplit, TargetSplit.Create(groups, 2)[0].SelectionSplit);
    }

    [Fact]
    public void Create_OneGroup_SaysWhatIsMissing() =>
        Assert.Contains(
            "at least two groups, found 1",
            Assert.Throws<InvalidOperationException>(() => TargetSplit.Create(["a", "a"], 0)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Create_SeveralTasks_GivesEachSideItsShareOfEach() =>
        Gen.Select(Gen.Int[0, 3].Array[4, 120], Gen.ULong)
            .Sample(
                (tasks, seed) =>
                {
                    string[] groups = [.. tasks.Select((_, target) => $"{target}")];
                    IReadOnlyList<TargetFold> folds = TargetSplit.Create(groups, seed, tasks);
                    int parts = Math.Max(2, folds.Count);
                    foreach (TargetFold fold in folds)
                    {
                        Assert.All(
                            tasks.Distinct(),
                            task =>
                                Assert.InRange(
                                    fold.HeldOut.Count(target => tasks[target] == task),
                                    tasks.Count(other => other == task) / parts,
                                    (tasks.Count(other => other == task) / parts) + 1
                                )
                        );
                    }
                }
            );
}
