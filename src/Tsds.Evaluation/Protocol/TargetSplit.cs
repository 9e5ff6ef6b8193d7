using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>Splits targets into a selection split and held-out targets without dividing groups.</summary>
/// <remarks>
/// Groups (a conversation, a document, a source) go to one side as a whole: the largest first, in an order drawn by the
/// seed among equals, each to the side with the fewest targets. With 40 targets or more there is one fold of two
/// halves. With fewer there are five folds, or as many as there are groups: each is held out once while the others
/// selection split, and scores are averaged.
/// </remarks>
internal static class TargetSplit
{
    private const int SmallestHalves = 40;
    private const int FoldCount = 5;

    /// <summary>Splits targets into folds.</summary>
    /// <param name="groups">The group of each target; targets without a group of their own carry different
    /// names.</param>
    /// <param name="seed">Of the order among groups of equal size.</param>
    /// <param name="tasks">The task of each target, from 0, or null if all belong to one. Groups of equal size are
    /// dealt task by task, so that each side has its share of each.</param>
    /// <returns>One fold or up to five; no group is on both sides of any.</returns>
    /// <exception cref="InvalidOperationException">There are fewer than two groups.</exception>
    public static IReadOnlyList<TargetFold> Create(
        IReadOnlyList<string> groups,
        ulong seed,
        IReadOnlyList<int>? tasks = null
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Count >= SmallestHalves
            ? [Fold(Deal(groups, 2, seed, tasks), 1)]
            : CreateFolds(groups, FoldCount, seed, tasks);
    }

    /// <summary>Splits targets into a number of folds, or as many as there are groups, each held out once.</summary>
    internal static IReadOnlyList<TargetFold> CreateFolds(
        IReadOnlyList<string> groups,
        int foldCount,
        ulong seed,
        IReadOnlyList<int>? tasks = null
    )
    {
        List<int>[] parts = Deal(groups, foldCount, seed, tasks);
        return [.. Enumerable.Range(0, parts.Length).Select(part => Fold(parts, part))];
    }

    private static List<int>[] Deal(IReadOnlyList<string> groups, int partCount, ulong seed, IReadOnlyList<int>? tasks)
    {
        int[][] members =
        [
            .. Enumerable
                .Range(0, groups.Count)
                .GroupBy(target => groups[target], StringComparer.Ordinal)
                .Select(group => group.ToArray()),
        ];
        if (members.Length < 2)
        {
            throw new InvalidOperationException(
                $"Expected targets of at least two groups, found {members.Length}: some must guide while "
                    + $"others judge; give more targets."
            );
        }

        CounterRandom random = new(seed, 0);
        List<int>[] parts = [.. Enumerable.Range(0, Math.Min(partCount, members.Length)).Select(_ => new List<int>())];

        // A group is drawn by its first target, which no other group has.
        foreach (
            int[] group in members
                .OrderByDescending(group => group.Length)
                .ThenBy(group => tasks?[group[0]] ?? 0)
                .ThenBy(group => random.Bits((ulong)group[0]))
        )
        {
            parts.MinBy(part => part.Count)!.AddRange(group);
        }

        return parts;
    }

    private static TargetFold Fold(List<int>[] parts, int heldOut) =>
        new()
        {
            SelectionSplit = [.. parts.Where((_, part) => part != heldOut).SelectMany(part => part).Order()],
            HeldOut = [.. parts[heldOut].Order()],
        };
}
