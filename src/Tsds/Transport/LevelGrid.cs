namespace Tsds.Transport;

/// <summary>Chooses breakpoints spread over the known part of a family.</summary>
internal static class LevelGrid
{
    private const int PointCount = 64;

    /// <summary>Returns at most 64 breakpoints, ascending, the first and the last known among them.</summary>
    public static SortedSet<double> Create(IPlanFamily family)
    {
        SortedSet<double> levels = [];
        double first = family.FirstLevel;
        double last = Math.Max(first, family.LastKnownLevel);
        for (int i = 0; i < PointCount; i++)
        {
            // Effective neighbors are a ratio scale; gaps start at 0 and are spaced evenly.
            double share = i / (PointCount - 1.0);
            double level = first > 0 ? first * Math.Pow(last / first, share) : first + (share * (last - first));
            levels.Add(family.SnapUp(Math.Min(level, last)));
        }

        return levels;
    }
}
