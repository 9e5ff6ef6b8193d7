namespace Tsds.Transport;

/// <summary>
/// The probability of a candidate at a level, in parts: p_j = <see cref="FilledMass"/> · w_j · mass per weight +
/// <see cref="ExtraMass"/>.
/// </summary>
internal struct CandidateShare
{
    /// <summary>Σ μ_i over the rows that fill the candidate, in multiples of 2⁻⁶².</summary>
    public long FilledMass;

    /// <summary>The additional mass that rows send by their cuts.</summary>
    public double ExtraMass;

    /// <summary>w_j = 1/ρ_j.</summary>
    public double Weight;
}
