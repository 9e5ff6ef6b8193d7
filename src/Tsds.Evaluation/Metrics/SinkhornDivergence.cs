namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The debiased entropic transport cost: S = OT(a, b) − (OT(a, a) + OT(b, b))/2 with OT = min ⟨P, C⟩ + ε KL(P ‖ abᵀ).
/// </summary>
/// <remarks>
/// 0 between equal distributions, never negative, between W1 (ε → 0) and half the energy distance (ε → ∞). ε is 0.05
/// times the median of the costs between the two sets. Each problem is solved in the log domain to a marginal error
/// (L1) below 10⁻⁹, so that the value is off by at most as much times the diameter; where one was not,
/// <see cref="HasConverged"/> is false and the value is not to be trusted.
/// </remarks>
/// <param name="Value">S, in the unit of distance.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="HasConverged">True if all three problems met the tolerance.</param>
/// <seealso href="https://arxiv.org/abs/1810.08278">Feydy et al. 2019, Interpolating between Optimal Transport and MMD
/// using Sinkhorn Divergences</seealso>
internal sealed record SinkhornDivergence(double Value, double Epsilon, bool HasConverged)
{
    private const double Share = 0.05;

    /// <summary>Computes the divergence of two sets of equally weighted points.</summary>
    /// <param name="between">Distances of the first set to the second, shape [n, m].</param>
    /// <param name="first">Distances within the first set.</param>
    /// <param name="second">Distances within the second set.</param>
    public static SinkhornDivergence Of(DistanceMatrix between, DistanceMatrix first, DistanceMatrix second)
    {
        double epsilon = Share * Statistics.Quantile(between.Values.ToArray(), 0.5);
        if (!(epsilon > 0))
        {
            // Half of the pairs coincide: the unregularized costs are all there is to measure.
            epsilon = Share * Math.Max(double.Epsilon, between.Values.ToArray().Average());
        }

        if (between.Values.IndexOfAnyExcept(0) < 0)
        {
            return new SinkhornDivergence(0, 0, true);
        }

        (double cross, bool crossConverged) = SinkhornDual.Solve(between, epsilon);
        (double left, bool leftConverged) = SinkhornDual.Solve(first, epsilon);
        (double right, bool rightConverged) = SinkhornDual.Solve(second, epsilon);
        return new SinkhornDivergence(
            cross - ((left + right) / 2),
            epsilon,
            crossConverged && leftConverged && rightConverged
        );
    }
}
