using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Represents the marks of a plan on a map beside its chosen rows, whether the plan was solved or is told by the files
/// of its selection.
/// </summary>
/// <param name="Reached">The rows with a positive probability, ascending.</param>
/// <param name="OutOfReach">The targets whose nearest candidate lies beyond the median water level.</param>
internal sealed record PlanOutline(ReadOnlyMemory<long> Reached, IReadOnlyList<int> OutOfReach)
{
    /// <summary>The outline of a method that has no plan.</summary>
    public static readonly PlanOutline None = new(default, []);

    /// <summary>Returns the outline of a solved plan.</summary>
    /// <param name="result">The plan.</param>
    public static PlanOutline Of(SelectionResult result) =>
        new(
            result.Plan.CandidateIds,
            FarOf([.. result.Targets.Select(target => (target.NearestDistance, target.WaterLevel))])
        );

    /// <summary>Returns the outline of a plan as files tell it.</summary>
    /// <param name="lines">The lines of <c>lineage.jsonl</c>.</param>
    /// <param name="targets">The lines of <c>targets.jsonl</c>.</param>
    public static PlanOutline Of(IEnumerable<LineageRecord> lines, IEnumerable<TargetRecord> targets) =>
        new(
            (long[])[.. lines.Select(line => line.Row)],
            FarOf([
                .. targets.Select(target =>
                    (target.NearestDistance, target.WaterLevel.Value ?? double.PositiveInfinity)
                ),
            ])
        );

    /// <summary>Returns the median of the water levels of a plan; null where nothing bounds them.</summary>
    /// <param name="levels">The levels.</param>
    public static double? MedianOf(IEnumerable<double> levels)
    {
        double[] finite = [.. levels.Where(double.IsFinite).Order()];
        return finite.Length > 0 ? finite[finite.Length / 2] : null;
    }

    private static int[] FarOf((double Nearest, double WaterLevel)[] targets)
    {
        double median = MedianOf(targets.Select(target => target.WaterLevel)) ?? double.PositiveInfinity;
        return [.. Enumerable.Range(0, targets.Length).Where(target => targets[target].Nearest > median)];
    }
}
