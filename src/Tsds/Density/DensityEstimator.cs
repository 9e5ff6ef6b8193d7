using Tsds.Numerics;

namespace Tsds.Density;

/// <summary>Computes the exact kernel density of points over all candidates, in one pass.</summary>
internal static class DensityEstimator
{
    /// <summary>Returns ρ(x) = Σ max(0, 1 − ‖x − x'‖²/σ²) over the candidates x', for each point x.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="points">Shape [points, dimension].</param>
    /// <param name="bandwidth">σ, positive and finite.</param>
    /// <param name="settings">How to scan.</param>
    public static async Task<double[]> EstimateAsync(
        IRowSource source,
        EmbeddingMatrix points,
        double bandwidth,
        ScanSettings settings
    )
    {
        KernelSink sink = new(points, bandwidth * bandwidth);
        await CandidateScan.RunAsync(source, points, sink, settings).ConfigureAwait(false);
        return sink.Densities();
    }
}
