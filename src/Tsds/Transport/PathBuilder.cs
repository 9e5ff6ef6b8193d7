namespace Tsds.Transport;

/// <summary>
/// Builds the path: plans of the known part of a family from most aligned to most diverse, the chosen one among them.
/// </summary>
internal static class PathBuilder
{
    public static PathPoint[] Build(
        NeighborReach reach,
        IPlanFamily family,
        double chosenLevel,
        double scale,
        long budget,
        bool hasEffectiveNeighbors
    )
    {
        // Fresh statistics know no candidate beyond the level they are at, and the levels rise: each step costs what it
        // adds.
        PlanStatistics statistics = new(reach, family);
        SortedSet<double> levels = LevelGrid.Create(family);
        levels.Add(chosenLevel);
        List<PathPoint> path = new(levels.Count);
        double tradeoff = 0;
        foreach (double level in levels)
        {
            // On a plateau rounding may step down; the path does not.
            tradeoff = Math.Max(tradeoff, family.TradeoffAbove(level));
            statistics.Evaluate(level);
            path.Add(
                new PathPoint(
                    scale / (scale + tradeoff),
                    tradeoff,
                    hasEffectiveNeighbors ? level : null,
                    statistics.TransportCost,
                    statistics.Support,
                    statistics.ExpectedDistinct(budget)
                )
            );
        }

        return [.. path];
    }
}
