using Tsds.Numerics;

namespace Tsds.Density;

/// <summary>The exact kernel density of some points over all candidates, in one pass.</summary>
internal static class DensityEstimator
{
    /// <summary>The weight of a full copy in the integer sums: each term is rounded to a multiple of 2⁻³².</summary>
    private const double Resolution = 1L << 32;

    /// <summary>ρ(x) = Σ max(0, 1 − ‖x − x'‖²/σ²) over the candidates x'.</summary>
    /// <param name="source">The candidates.</param>
    /// <param name="points">Shape [points, dimension].</param>
    /// <param name="bandwidth">σ, positive and finite.</param>
    /// <param name="settings">How to scan.</param>
    public static async Task<double[]> EstimateAsync(
        IRowSource source, EmbeddingMatrix points, double bandwidth, ScanSettings settings)
    {
        KernelSink sink = new(points, bandwidth * bandwidth);
        await CandidateScan.RunAsync(source, points, sink, settings).ConfigureAwait(false);
        return Array.ConvertAll(sink.Sums, sum => sum / Resolution);
    }

    private sealed class KernelSink(EmbeddingMatrix points, double bandwidthSquared) : IPairSink
    {
        public long[] Sums { get; } = new long[points.Count];

        public bool HasFixedLimits => true;

        public double Limit(int query) => bandwidthSquared;

        public void Accept(int query, long candidateId, ReadOnlySpan<float> candidate)
        {
            double distanceSquared = DistanceKernels.DistanceSquared(candidate, points[query]);

            // An exact copy counts in full even where the square of a tiny bandwidth underflows.
            double kernel = distanceSquared == 0 ? 1 : 1 - (distanceSquared / bandwidthSquared);
            if (kernel > 0)
            {
                // Integers: the sum does not depend on which thread comes first.
                Interlocked.Add(ref Sums[query], (long)Math.Round(kernel * Resolution));
            }
        }
    }
}
