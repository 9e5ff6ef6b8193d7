using Tsds.Numerics;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The distance of two vectors as the neighbor search computes it, so that the same pair has the same distance
/// everywhere.
/// </summary>
internal static class SearchDistance
{
    /// <summary>Returns ‖x − y‖.</summary>
    /// <param name="x">Length d.</param>
    /// <param name="y">Length d.</param>
    public static double Between(ReadOnlySpan<float> x, ReadOnlySpan<float> y) =>
        Math.Sqrt(DistanceKernels.DistanceSquared(x, y));
}
