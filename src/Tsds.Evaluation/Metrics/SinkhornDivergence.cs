namespace Tsds.Evaluation.Metrics;

/// <summary>Entropic transport without its bias: S = OT(a, b) − (OT(a, a) + OT(b, b))/2 with OT = min ⟨P, C⟩ + ε KL(P ‖ abᵀ).</summary>
/// <remarks>
/// 0 between equal distributions, never negative, between W1 (ε → 0) and half the energy distance (ε → ∞). ε is 0.05 times the median of the costs between
/// the two sets. Sums run in the log domain and stop at a marginal error (L1) below 10⁻⁶, or after 5,000 rounds, in which case
/// <see cref="HasConverged"/> is false and the value is not to be trusted.
/// </remarks>
/// <param name="Value">S, in the unit of distance.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="HasConverged">Whether all three problems met the tolerance.</param>
/// <seealso href="https://arxiv.org/abs/1810.08278">Feydy et al. 2019, Interpolating between Optimal Transport and MMD using Sinkhorn Divergences</seealso>
internal sealed record SinkhornDivergence(double Value, double Epsilon, bool HasConverged)
{
    private const double Share = 0.05;
    private const double Tolerance = 1e-6;
    private const int MostRounds = 5_000;

    /// <summary>Measures the divergence of two sets of equally weighted points.</summary>
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

        (double cross, bool crossConverged) = Solve(between, epsilon);
        (double left, bool leftConverged) = Solve(first, epsilon);
        (double right, bool rightConverged) = Solve(second, epsilon);
        return new SinkhornDivergence(
            cross - ((left + right) / 2), epsilon, crossConverged && leftConverged && rightConverged);
    }

    /// <summary>The dual value Σ a f + Σ b g after alternating soft minima; at the fixed point it is the primal value.</summary>
    private static (double Value, bool HasConverged) Solve(DistanceMatrix costs, double epsilon)
    {
        int n = costs.RowCount;
        int m = costs.ColumnCount;
        double[] f = new double[n];
        double[] g = new double[m];
        double[] terms = new double[Math.Max(n, m)];
        for (int round = 0; round < MostRounds; round++)
        {
            double error = 0;
            for (int i = 0; i < n; i++)
            {
                ReadOnlySpan<double> row = costs[i];
                for (int j = 0; j < m; j++)
                {
                    terms[j] = (g[j] - row[j]) / epsilon;
                }

                double updated = -epsilon * LogMeanExp(terms.AsSpan(0, m));

                // Before the update row i of the plan sums to exp((f − updated)/ε) / n: its distance from 1/n is the marginal error.
                error += Math.Abs(Math.Exp((f[i] - updated) / epsilon) - 1) / n;
                f[i] = updated;
            }

            for (int j = 0; j < m; j++)
            {
                for (int i = 0; i < n; i++)
                {
                    terms[i] = (f[i] - costs[i][j]) / epsilon;
                }

                g[j] = -epsilon * LogMeanExp(terms.AsSpan(0, n));
            }

            if (round > 0 && error < Tolerance)
            {
                return (f.Average() + g.Average(), true);
            }
        }

        return (f.Average() + g.Average(), false);
    }

    private static double LogMeanExp(ReadOnlySpan<double> terms)
    {
        double largest = double.NegativeInfinity;
        foreach (double term in terms)
        {
            largest = Math.Max(largest, term);
        }

        double sum = 0;
        foreach (double term in terms)
        {
            sum += Math.Exp(term - largest);
        }

        return largest + Math.Log(sum / terms.Length);
    }
}
