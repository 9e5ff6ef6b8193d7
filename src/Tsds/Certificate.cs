namespace Tsds;

/// <summary>
/// A proof of optimality by linear-programming duality, in the units of the objective (α/C) Σ γd + (1 − α) G(γ).
/// Distances are those of the search: with relevance, d_ij = √(‖q_i − x_j‖² + b_j), b of the target's task.
/// </summary>
/// <param name="Primal">The objective of the plan.</param>
/// <param name="Dual">A lower bound of the objective of every plan.</param>
/// <param name="IsComplete">True when no candidate beyond the fetched neighbors could change the bound, so that it
/// holds for the whole pool.</param>
/// <seealso href="https://arxiv.org/abs/2410.11303"/>
public sealed record Certificate(double Primal, double Dual, bool IsComplete)
{
    /// <summary>The largest relative gap that counts as a proof.</summary>
    public const double Tolerance = 1e-9;

    /// <summary>Gets primal − dual; not negative except for rounding.</summary>
    public double Gap => Primal - Dual;

    /// <summary>Gets the gap relative to the larger of both values; 0 when both are 0.</summary>
    public double RelativeGap
    {
        get
        {
            double magnitude = Math.Max(Math.Abs(Primal), Math.Abs(Dual));
            return magnitude > 0 ? Gap / magnitude : 0;
        }
    }

    /// <summary>
    /// Gets a value indicating whether the plan is proven optimal over the whole pool: complete, and |relative gap| ≤
    /// <see cref="Tolerance"/>.
    /// </summary>
    public bool IsCertified => IsComplete && Math.Abs(RelativeGap) <= Tolerance;
}
