namespace Tsds;

/// <summary>The candidates over which densities are summed.</summary>
public enum DensityBase
{
    /// <summary>The whole pool, by definition. The default.</summary>
    Pool,

    /// <summary>
    /// The candidates near the targets: the min(5,000, N/10) nearest of each, and the point itself. Affordable for
    /// broad bandwidths on very large pools, but copies beyond these neighbors do not count. This is what the published
    /// code does.
    /// </summary>
    Neighbors,
}
