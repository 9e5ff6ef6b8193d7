namespace Tsds.Jobs.Report;

/// <summary>The targets that the pool serves, and those that it cannot.</summary>
/// <param name="MedianWaterLevel">The median distance up to which targets send mass; infinite at α = 0, where all reach
/// everything.</param>
/// <param name="Unreachable">Targets whose nearest candidate lies beyond it, farthest first.</param>
internal sealed record TargetReach(double MedianWaterLevel, IReadOnlyList<TargetReport> Unreachable)
{
    public static TargetReach Of(SelectionResult result)
    {
        double[] levels = [.. result.Targets.Select(target => target.WaterLevel).Order()];
        double median = levels[levels.Length / 2];
        return new TargetReach(
            median,
            [
                .. result
                    .Targets.Where(target => target.NearestDistance > median)
                    .OrderByDescending(target => target.NearestDistance)
                    .ThenBy(target => target.Target),
            ]
        );
    }
}
