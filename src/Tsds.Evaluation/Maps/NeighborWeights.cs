namespace Tsds.Evaluation.Maps;

/// <summary>Turns the distances of a point's neighbors into weights.</summary>
/// <remarks>
/// w_i = exp(−max(0, d_i − ρ) / σ), with ρ the smallest distance above 0 and σ such that Σ w_i = log₂ k. Source:
/// McInnes,
/// Healy, Melville 2018, UMAP, section 3.1.
/// </remarks>
internal static class NeighborWeights
{
    private const int Steps = 64;
    private const double LeastShare = 1e-3;

    /// <summary>Weighs the neighbors of a point.</summary>
    /// <param name="distances">Their distances, ascending.</param>
    /// <param name="weights">Receives their weights, from 0 to 1.</param>
    public static void Of(ReadOnlySpan<double> distances, Span<double> weights)
    {
        double nearest = 0;
        double mean = 0;
        foreach (double distance in distances)
        {
            nearest = nearest == 0 ? distance : nearest;
            mean += distance / distances.Length;
        }

        double wanted = Math.Log2(Math.Max(2, distances.Length));
        double low = 0;
        double high = double.PositiveInfinity;
        double width = 1;
        for (int step = 0; step < Steps; step++)
        {
            double sum = Fill(distances, weights, nearest, width);
            if (Math.Abs(sum - wanted) < 1e-6)
            {
                break;
            }

            (low, high) = sum > wanted ? (low, width) : (width, high);
            width = double.IsPositiveInfinity(high) ? width * 2 : (low + high) / 2;
        }

        // Points that are all but equally far would have weights that tell them apart by rounding alone.
        Fill(distances, weights, nearest, Math.Max(width, LeastShare * mean));
    }

    private static double Fill(ReadOnlySpan<double> distances, Span<double> weights, double nearest, double width)
    {
        double sum = 0;
        for (int i = 0; i < distances.Length; i++)
        {
            double beyond = distances[i] - nearest;
            weights[i] = beyond <= 0 || width == 0 ? 1 : Math.Exp(-beyond / width);
            sum += weights[i];
        }

        return sum;
    }
}
