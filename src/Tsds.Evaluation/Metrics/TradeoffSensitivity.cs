namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The sensitivity of the targets' mean distance to the trade-off: dE/dT, where E = Σ γd of the optimal plan.
/// </summary>
/// <remarks>
/// Both are in the unit of distance, so it is a pure number that scaling the embeddings leaves alone; not negative, for
/// a larger trade-off never shortens the way. By α = C/(C + T), dE/dα = −(C/α²) dE/dT. E is a step function of T: the
/// quotient is formed between the plans on either side of the chosen one in its path.
/// </remarks>
internal static class TradeoffSensitivity
{
    /// <summary>Returns (E₊ − E₋)/(T₊ − T₋), one-sided at an end of the path.</summary>
    /// <param name="path">Plans by rising trade-off, the chosen one among them.</param>
    /// <param name="transportCost">E of the chosen plan, by which it is found: rounding apart its point has the
    /// same.</param>
    /// <returns>The quotient; NaN if no other plan with a finite trade-off is known.</returns>
    public static double Of(IReadOnlyList<PathPoint> path, double transportCost)
    {
        PathPoint chosen = path.MinBy(point => Math.Abs(point.TransportCost - transportCost))!;
        PathPoint before = path.LastOrDefault(point => point.Tradeoff < chosen.Tradeoff) ?? chosen;
        PathPoint after =
            path.FirstOrDefault(point => point.Tradeoff > chosen.Tradeoff && double.IsFinite(point.Tradeoff)) ?? chosen;
        return double.IsFinite(chosen.Tradeoff)
            ? (after.TransportCost - before.TransportCost) / (after.Tradeoff - before.Tradeoff)
            : double.NaN;
    }
}
