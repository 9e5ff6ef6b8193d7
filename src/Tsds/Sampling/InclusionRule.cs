namespace Tsds.Sampling;

/// <summary>
/// A rule for inclusion probabilities: π = min(a, c·p), a the most that a row may have; that is a where p/a is from a
/// threshold on and c·p below it, with c such that they sum to the budget B.
/// </summary>
/// <remarks>
/// c solves Σ_j min(a_j, c p_j) = B, concave and piecewise linear in c. Newton's steps from c = B/Σp rise towards it
/// and end on it; each is one pass that needs no memory, and few are needed.
/// </remarks>
internal readonly record struct InclusionRule(double Threshold, double Scale)
{
    /// <summary>Computes the rule of a budget where each row may have 1.</summary>
    public static InclusionRule Create(ReadOnlySpan<double> probabilities, long budget) =>
        Create(probabilities, [], budget);

    /// <summary>Computes the rule of a budget.</summary>
    /// <param name="probabilities">Positive, at least as many as <paramref name="budget"/>.</param>
    /// <param name="caps">a_j, from 0 to 1, summing to more than the budget; empty for 1 each.</param>
    /// <param name="budget">B, at least 1.</param>
    public static InclusionRule Create(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> caps, long budget)
    {
        InclusionRule rule = new(double.PositiveInfinity, 0);
        long certain = -1;
        while (true)
        {
            (long above, double sumAbove, double rest) = Split(probabilities, caps, rule.Threshold);
            if (above == certain)
            {
                return rule;
            }

            certain = above;
            if (sumAbove >= budget)
            {
                return rule with { Scale = 0 };
            }

            // Never up, whatever rounding does, so that the rows above are ever more and the loop ends.
            double threshold = Math.Min(rule.Threshold, rest / (budget - sumAbove));
            rule = new InclusionRule(threshold, (budget - sumAbove) / rest);
        }
    }

    public double Of(double probability) => Of(probability, 1);

    public double Of(double probability, double cap) =>
        probability >= Threshold * cap ? cap : Math.Min(cap, Scale * probability);

    /// <summary>Counts the rows from a threshold on, adds up what they may have, and sums those below.</summary>
    private static (long Above, double SumAbove, double SumBelow) Split(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> caps,
        double threshold
    )
    {
        long above = 0;
        CompensatedSum sumAbove = default;
        CompensatedSum rest = default;
        for (int j = 0; j < probabilities.Length; j++)
        {
            double cap = caps.IsEmpty ? 1 : caps[j];
            if (probabilities[j] >= threshold * cap)
            {
                above++;
                sumAbove.Add(cap);
            }
            else
            {
                rest.Add(probabilities[j]);
            }
        }

        return (above, sumAbove.Value, rest.Value);
    }
}
