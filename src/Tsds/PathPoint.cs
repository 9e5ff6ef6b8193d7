namespace Tsds;

/// <summary>One plan on the path from the most aligned to the most diverse plan.</summary>
/// <param name="Alpha">α = C/(C + T) at the scale of the result.</param>
/// <param name="Tradeoff">T = C(1 − α)/α, in the unit of distance; the largest for which this plan is optimal.</param>
/// <param name="EffectiveNeighbors">s, or null under total variation.</param>
/// <param name="TransportCost">Σ γ_ij d_ij.</param>
/// <param name="Support">Candidates with positive probability.</param>
/// <param name="ExpectedDistinct">Σ_j 1 − (1 − p_j)^B, the different rows among B independent draws.</param>
public sealed record PathPoint(
    double Alpha,
    double Tradeoff,
    double? EffectiveNeighbors,
    double TransportCost,
    int Support,
    double ExpectedDistinct
);
