namespace Tsds.Transport;

/// <summary>
/// The automatic bandwidth: two fifths of the typical distance at which a target meets its nearest distinct candidate.
/// </summary>
/// <remarks>
/// σ = 0.4 · median_i r_i with r_i the smallest distance of target i's first 64 neighbors that exceeds a quarter of the
/// 64th. Distinct rows lie about as far from each other as from the target, so two fifths of it separate copies from
/// neighbors; the quarter leaves out copies of the target itself; a median stays where it is while copies surround
/// fewer than half of the targets; and, unlike distances among the candidates, these do not shrink however often a
/// candidate is copied. The unit is that of the distances: scaling all embeddings scales σ.
/// </remarks>
internal static class BandwidthEstimator
{
    /// <summary>
    /// The number of neighbors of each target that the estimate reads. It is fixed, so that the estimate does not
    /// depend on how many were fetched.
    /// </summary>
    public const int NeighborCount = 64;

    private const double Share = 0.4;
    private const double CopyShare = 0.25;

    public static double Estimate(ReadOnlySpan<TargetNeighbors> rows)
    {
        double[] nearest = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            nearest[i] = NearestDistinct(rows[i].Distances.AsSpan(0, Math.Min(NeighborCount, rows[i].FetchedCount)));
        }

        return ShareOfMedian(nearest);
    }

    public static double Estimate(NeighborTable neighbors)
    {
        int count = Math.Min(NeighborCount, neighbors.K);
        double[] distances = new double[count];
        double[] nearest = new double[neighbors.QueryCount];
        for (int i = 0; i < nearest.Length; i++)
        {
            for (int n = 0; n < count; n++)
            {
                distances[n] = Math.Sqrt(neighbors.DistancesSquared(i)[n]);
            }

            nearest[i] = NearestDistinct(distances);
        }

        return ShareOfMedian(nearest);
    }

    /// <summary>
    /// Returns r_i, the distance to the nearest distinct candidate, or 0 if all neighbors coincide with the target.
    /// </summary>
    private static double NearestDistinct(ReadOnlySpan<double> distances)
    {
        double copyDistance = CopyShare * distances[^1];
        foreach (double distance in distances)
        {
            if (distance > copyDistance)
            {
                return distance;
            }
        }

        return 0;
    }

    private static double ShareOfMedian(double[] nearest)
    {
        Array.Sort(nearest);
        return Share * nearest[nearest.Length / 2];
    }
}
