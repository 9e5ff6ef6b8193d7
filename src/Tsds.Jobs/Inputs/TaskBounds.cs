using System.Globalization;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// Applies caps and floors of tasks. A task's share of the plan is its weight, so bounds of shares are bounds of
/// weights.
/// </summary>
/// <remarks>
/// Of all weights within the bounds these are nearest to the given ones in the sense of Kullback and Leibler, as for
/// sources: w'_t = clamp(c·w_t, least_t, most_t) with the one factor c for which they sum to 1. The plan is optimal,
/// and certified, for them.
/// </remarks>
internal static class TaskBounds
{
    private const int Halvings = 200;

    /// <summary>Moves the shares of tasks into their bounds.</summary>
    /// <param name="names">The tasks.</param>
    /// <param name="shares">Their shares, summing to 1.</param>
    /// <param name="caps">Largest shares; those of sources are passed over.</param>
    /// <param name="floors">Least shares; those of sources are passed over.</param>
    /// <returns>
    /// The shares within the bounds, summing to 1 up to rounding; <paramref name="shares"/> itself where it is within
    /// them.
    /// </returns>
    /// <exception cref="ArgumentException">A bound names no task, or the bounds leave no shares that sum to
    /// 1.</exception>
    public static double[] Apply(
        string[] names,
        double[] shares,
        IReadOnlyList<ShareLimit> caps,
        IReadOnlyList<ShareLimit> floors
    )
    {
        double[] most = [.. names.Select(name => SharesOf(caps, name).DefaultIfEmpty(1).Min())];
        double[] least = [.. names.Select(name => SharesOf(floors, name).DefaultIfEmpty(0).Max())];
        foreach (
            ShareLimit limit in caps.Concat(floors)
                .Where(limit => limit.IsTask && !names.Contains(limit.Name, StringComparer.Ordinal))
        )
        {
            throw new ArgumentException(
                $"Expected a task of the targets in a cap or a floor, found '{limit.Name}'; there are "
                    + $"{string.Join(", ", names)}."
            );
        }

        int closed = Array.IndexOf(most, 0);
        if (closed >= 0)
        {
            throw new ArgumentException(
                $"Expected a cap above 0 % for the task '{names[closed]}', found 0 %; leave its targets out."
            );
        }

        if (least.Sum() > 1 || most.Sum() < 1)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected floors of tasks of at most 100 % together and caps of at least 100 %, found "
                        + $"{least.Sum():P1} and {most.Sum():P1}; change one of them."
                )
            );
        }

        double[] Bounded(double factor) =>
            [.. shares.Select((share, task) => Math.Clamp(factor * share, least[task], most[task]))];
        if (Bounded(1).SequenceEqual(shares))
        {
            return shares;
        }

        double low = 0;
        double high = shares.Select((share, task) => most[task] / share).Max();
        for (int i = 0; i < Halvings; i++)
        {
            double middle = low + ((high - low) / 2);
            (low, high) = Bounded(middle).Sum() >= 1 ? (low, middle) : (middle, high);
        }

        return Bounded(high);
    }

    private static IEnumerable<double> SharesOf(IReadOnlyList<ShareLimit> limits, string task) =>
        limits.Where(limit => limit.IsTask && limit.Name == task).Select(limit => limit.Share);
}
