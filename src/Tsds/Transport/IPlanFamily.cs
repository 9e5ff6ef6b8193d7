namespace Tsds.Transport;

/// <summary>
/// The optimal plans of one regularizer, ordered by a level from most aligned to most diverse. The plan changes only at
/// breakpoints, and each is optimal for an interval of trade-offs T = C(1 − α)/α.
/// </summary>
internal interface IPlanFamily
{
    /// <summary>Gets the lowest breakpoint: every target on its nearest candidate.</summary>
    double FirstLevel { get; }

    /// <summary>Gets the highest breakpoint that the fetched neighbors determine.</summary>
    double LastKnownLevel { get; }

    /// <summary>
    /// Gets a value indicating whether nothing lies beyond <see cref="LastKnownLevel"/>: the whole pool is known.
    /// </summary>
    bool IsComplete { get; }

    /// <summary>
    /// Fetches more neighbors, so that <see cref="LastKnownLevel"/> rises or the family becomes complete.
    /// </summary>
    ValueTask GrowAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gets the smallest breakpoint at or above a level; <see cref="LastKnownLevel"/> if there is none.
    /// </summary>
    double SnapUp(double level);

    /// <summary>Gets the largest breakpoint below a level; <see cref="FirstLevel"/> if there is none.</summary>
    double SnapDown(double level);

    /// <summary>Gets the smallest trade-off for which the plan at this level is optimal.</summary>
    double TradeoffBelow(double level);

    /// <summary>
    /// Gets the largest trade-off for which the plan at this level is optimal; infinite at the end of a complete
    /// family.
    /// </summary>
    double TradeoffAbove(double level);

    /// <summary>
    /// Gets the magnitude of the sums behind the trade-offs of a level; differences far below it are rounding errors.
    /// </summary>
    double TradeoffMagnitude(double level);

    /// <summary>Determines whether the plan of a trade-off b/a lies at this level or below.</summary>
    bool Covers(double level, double alignment, double diversity);

    /// <summary>Gets the mass that each unit of weight of a filled neighbor holds at a level, per unit of μ.</summary>
    double MassPerWeight(double level);

    /// <summary>
    /// Returns how far the mass of a target reaches at a level. May be called for several rows at once from several
    /// threads.
    /// </summary>
    TargetCut Cut(int target, double level);

    /// <summary>Writes the mass that a target sends to each of its nearest candidates at a level.</summary>
    /// <param name="target">The row; rows may be asked from several threads at once.</param>
    /// <param name="level">The level.</param>
    /// <param name="masses">Receives the masses, positive, nearest first; as many as the cut of this row has
    /// entries.</param>
    void WriteMasses(int target, double level, Span<double> masses);

    /// <summary>
    /// Returns a lower bound of the objective a·Σγd + b·G of every plan; the plan at the level proves the bound tight.
    /// </summary>
    /// <param name="level">The level of the plan.</param>
    /// <param name="alignment">a = α/C, not negative.</param>
    /// <param name="diversity">b = 1 − α, not negative.</param>
    /// <param name="primal">The objective of the plan.</param>
    DualBound Bound(double level, double alignment, double diversity, double primal);

    /// <summary>Evaluates the diversity term G of a plan of this family, from its entries alone.</summary>
    double EvaluateRegularizer(TransportPlan plan);
}
