namespace Tsds.Sampling;

/// <summary>
/// A rule for inclusion probabilities: π(p) = min(1, c·p), that is 1 from a threshold on and c·p below it, with c such
/// that they sum to the budget B.
/// </summary>
/// <remarks>
/// c solves Σ_j min(1, c p_j) = B, concave and piecewise linear in c. Newton's steps from c = B/Σp rise towards it and
/// end on it; each is one pass that needs no memory, and few are needed.
/// </remarks>
internal readonly record struct InclusionRule(double Threshold, double Scale)
{
    /// <summary>Computes the rule for a budget.</summary>
    /// <param name="probabilities">Positive, at least as many as <paramref name="budget"/>.</param>
    /// <param name="budget">B, at least 1.</param>
    public static InclusionRule Create(ReadOnlySpan<double> probabilities, long budget)
    {
        InclusionRule rule = new(double.PositiveInfinity, 0);
        long certain = -1;
        while (true)
        {
            (long above, double rest) = Split(probabilities, rule.Threshold);
            if (above == certain)
            {
                return rule;
            }

            certain = above;
            if (certain >= budget)
            {
                return rule with { Scale = 0 };
            }

            // Never up, whatever rounding does, so that the rows above are ever more and the loop ends.
            double threshold = Math.Min(rule.Threshold, rest / (budget - certain));
            rule = new InclusionRule(threshold, (budget - certain) / rest);
        }
    }

    public double Of(double probability) => probability >= Threshold ? 1 : Scale * probability;

    /// <summary>Counts the probabilities from a threshold on, and sums those below.</summary>
    private static (long Above, double SumBelow) Split(ReadOnlySpan<double> probabilities, double threshold)
    {
        long above = 0;
        CompensatedSum rest = default;
        foreach (double probability in probabilities)
        {
            if (probability >= threshold)
            {
                above++;
            }
            else
            {
                rest.Add(probability);
            }
        }

        return (above, rest.Value);
    }
}
