using System.Globalization;
using Tsds.Transport;

namespace Tsds;

/// <summary>
/// Finds where on the path of optimal plans a selection stands, from what its options say: α and C, effective
/// neighbors, expected distinct rows, or the budget.
/// </summary>
internal static class LevelChoice
{
    /// <summary>
    /// The relative size, compared with the sums behind it, below which a jump of the optimal trade-off is rounding
    /// error and not a breakpoint that can be addressed.
    /// </summary>
    private const double SmallestJump = 1e-12;

    /// <summary>
    /// Converts the user's settings (α and C, budget, effective neighbors or distinct rows) to α, C and a level.
    /// </summary>
    public static async ValueTask<(double Alpha, double Scale, double Level)> ChooseAsync(
        IPlanFamily family,
        PlanStatistics statistics,
        SelectionOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.EffectiveNeighbors is { } effectiveNeighbors)
        {
            DensityPlanFamily neighborFamily = (DensityPlanFamily)family;
            await neighborFamily.ReachAsync(effectiveNeighbors, cancellationToken).ConfigureAwait(false);
            double level = Math.Max(effectiveNeighbors, family.FirstLevel);
            if (family.IsComplete)
            {
                level = Math.Min(level, family.LastKnownLevel);
            }

            return AtEvenAlpha(family, level);
        }

        if (options.ExpectedDistinct is { } expectedDistinct)
        {
            double level = await PlanSearch
                .FindLevelAsync(
                    family,
                    candidate => statistics.HasExpectedDistinct(candidate, options.Budget, expectedDistinct),
                    cancellationToken
                )
                .ConfigureAwait(false);
            return AtEvenAlpha(family, level);
        }

        double scale = options.Scale ?? 0;
        if (options.Scale is null)
        {
            double matched = await FindAimableLevelAsync(
                    family,
                    candidate =>
                        statistics.HasMatchedRows(candidate, options.Budget, options.BudgetShare * options.Budget)
                        && statistics.SupportWeight() >= options.Budget * (1 - SmallestJump),
                    cancellationToken
                )
                .ConfigureAwait(false);
            scale = TradeoffInside(family, matched);
            if (options.Alpha == 0.5)
            {
                return (options.Alpha, scale, matched);
            }
        }

        double alignment = options.Alpha / scale;
        double diversity = 1 - options.Alpha;
        double chosen = await PlanSearch
            .FindLevelAsync(family, candidate => family.Covers(candidate, alignment, diversity), cancellationToken)
            .ConfigureAwait(false);
        return (options.Alpha, scale, chosen);
    }

    /// <summary>Throws because the plan does not reach the budget, and says which trade-off would.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static async ValueTask ThrowOutOfReachAsync(
        IPlanFamily family,
        PlanStatistics statistics,
        SelectionOptions options,
        Solution solution,
        double scale,
        CancellationToken cancellationToken
    )
    {
        double level = await FindAimableLevelAsync(
                family,
                candidate => statistics.Evaluate(candidate).Support >= options.Budget,
                cancellationToken
            )
            .ConfigureAwait(false);
        double alpha = scale / (scale + TradeoffInside(family, level));

        // Rounded down, towards diversity, so that the reported α reaches enough.
        double unit = Math.Pow(10, Math.Floor(Math.Log10(alpha)) - 3);
        throw new InvalidOperationException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Expected a plan that reaches the budget of {options.Budget:N0} rows, found one that "
                    + $"reaches {solution.Plan.CandidateIds.Length:N0}; use alpha "
                    + $"{Math.Floor(alpha / unit) * unit:G4} or less at scale {scale:G6}, the automatic scale, a "
                    + $"smaller budget, or multinomial sampling."
            )
        );
    }

    /// <summary>
    /// Finds the first level that is enough and that some trade-off identifies, so that α and C reproduce it.
    /// </summary>
    private static async ValueTask<double> FindAimableLevelAsync(
        IPlanFamily family,
        Func<double, bool> isEnough,
        CancellationToken cancellationToken
    )
    {
        double level = await PlanSearch.FindLevelAsync(family, isEnough, cancellationToken).ConfigureAwait(false);
        while (
            family.TradeoffAbove(level) - family.TradeoffBelow(level) <= SmallestJump * family.TradeoffMagnitude(level)
        )
        {
            level = await PlanSearch.FindNextAsync(family, level, cancellationToken).ConfigureAwait(false);
        }

        return level;
    }

    /// <summary>
    /// Returns the middle of the interval of trade-offs for which a level is optimal, so that rounding cannot lead to
    /// another level.
    /// </summary>
    private static double TradeoffInside(IPlanFamily family, double level)
    {
        double below = family.TradeoffBelow(level);
        double above = family.TradeoffAbove(level);
        if (!double.IsPositiveInfinity(above))
        {
            return below + ((above - below) / 2);
        }

        // Beyond the last breakpoint any trade-off does. Where all candidates are equally far there is no other
        // breakpoint.
        double magnitude = family.TradeoffMagnitude(level);
        return below > SmallestJump * magnitude ? 2 * below
            : magnitude > 0 ? magnitude
            : 1;
    }

    /// <summary>
    /// Returns a level with its trade-off T written as α = 0.5 and C = T, or as α = 1 if T = 0, because only T matters.
    /// </summary>
    private static (double Alpha, double Scale, double Level) AtEvenAlpha(IPlanFamily family, double level)
    {
        double tradeoff = TradeoffInside(family, level);
        return tradeoff > 0 ? (0.5, tradeoff, level) : (1, 1, level);
    }
}
