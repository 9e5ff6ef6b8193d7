namespace Tsds;

/// <summary>The way in which rows are drawn from the selection probabilities p_j for a budget of B rows.</summary>
public enum SamplingMethod
{
    /// <summary>
    /// B distinct rows: row j is included with probability min(1/ρ_j, c·p_j), c such that these sum to B (ordered
    /// pivotal method, near-copies among themselves first).
    /// </summary>
    Distinct,

    /// <summary>
    /// B draws at equal steps through the cumulated probabilities: row j is drawn ⌊B·p_j⌋ or ⌈B·p_j⌉ times.
    /// </summary>
    Systematic,

    /// <summary>B independent draws with replacement, as in the paper; repeats act as weights.</summary>
    Multinomial,

    /// <summary>The B most probable rows, ties by id, without randomness.</summary>
    Top,
}
