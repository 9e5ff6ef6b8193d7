namespace Tsds;

/// <summary>The diversity term G of the objective (α/C) Σ γd + (1 − α) G(γ).</summary>
public enum Regularizer
{
    /// <summary>KNN-KDE: G = M max ρ_j γ_ij. Near-duplicates share the weight of one copy. The default.</summary>
    Density,

    /// <summary>
    /// KNN-Uniform: G = M max γ_ij, the density term with ρ = 1. Each target spreads evenly over its nearest
    /// candidates.
    /// </summary>
    Uniform,

    /// <summary>
    /// Total variation: G = ½ Σ |γ_ij − 1/(MN)|. The mass stays uniform wherever that costs at most T more than the
    /// nearest candidate.
    /// </summary>
    TotalVariation,
}
