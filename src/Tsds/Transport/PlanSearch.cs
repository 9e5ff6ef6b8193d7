namespace Tsds.Transport;

/// <summary>
/// Searches the breakpoints of a family by bisection; the family grows until the answer lies within its known part.
/// </summary>
internal static class PlanSearch
{
    /// <summary>Finds the smallest breakpoint that is enough, or the end of the complete family if none is.</summary>
    /// <param name="family">The plans.</param>
    /// <param name="isEnough">Monotone in the level, or nearly so.</param>
    /// <param name="cancellationToken">Stops the passes over the pool.</param>
    public static async ValueTask<double> FindLevelAsync(
        IPlanFamily family,
        Func<double, bool> isEnough,
        CancellationToken cancellationToken
    )
    {
        double top = family.LastKnownLevel;
        while (!(top >= family.FirstLevel && isEnough(top)))
        {
            if (family.IsComplete)
            {
                return FindInside(family, isEnough, top);
            }

            await family.GrowAsync(cancellationToken).ConfigureAwait(false);
            top = family.LastKnownLevel;
        }

        return Bisect(family, isEnough, family.FirstLevel, top);
    }

    /// <summary>Finds the breakpoint above a level, or the end of the complete family if there is none.</summary>
    public static async ValueTask<double> FindNextAsync(
        IPlanFamily family,
        double level,
        CancellationToken cancellationToken
    )
    {
        while (!(family.LastKnownLevel > level && family.LastKnownLevel >= family.FirstLevel))
        {
            if (family.IsComplete)
            {
                return family.LastKnownLevel;
            }

            await family.GrowAsync(cancellationToken).ConfigureAwait(false);
        }

        return family.SnapUp(Math.BitIncrement(level));
    }

    /// <summary>
    /// Finds an interior level that is enough although the end is not, which happens if very uneven densities make the
    /// end less diverse.
    /// </summary>
    private static double FindInside(IPlanFamily family, Func<double, bool> isEnough, double top)
    {
        double tooLow = family.FirstLevel;
        foreach (double level in LevelGrid.Create(family))
        {
            if (isEnough(level))
            {
                return Bisect(family, isEnough, tooLow, level);
            }

            tooLow = level;
        }

        return top;
    }

    private static double Bisect(IPlanFamily family, Func<double, bool> isEnough, double tooLow, double enough)
    {
        if (tooLow >= enough || isEnough(tooLow))
        {
            return tooLow;
        }

        while (true)
        {
            double middle = tooLow + ((enough - tooLow) / 2);
            if (middle <= tooLow)
            {
                return enough;
            }

            double probe = family.SnapUp(middle);
            if (probe >= enough)
            {
                probe = family.SnapDown(middle);
                if (probe <= tooLow)
                {
                    return enough;
                }
            }

            if (isEnough(probe))
            {
                enough = probe;
            }
            else
            {
                tooLow = probe;
            }
        }
    }
}
