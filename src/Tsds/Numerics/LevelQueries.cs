namespace Tsds.Numerics;

/// <summary>The queries as one level sees them: packed in panels, depth-major, padded with zero queries; one scale and one bound for all.</summary>
internal sealed class LevelQueries
{
    private readonly int[][] _panels;

    /// <summary>Packs queries.</summary>
    /// <param name="precision">The units.</param>
    /// <param name="level">The level.</param>
    /// <param name="views">The level's views of the queries, in packing order.</param>
    /// <param name="norms">The norms of the queries, rounded up, in packing order.</param>
    /// <param name="width">Queries in a panel.</param>
    public LevelQueries(ScanPrecision precision, ScanLevel level, EmbeddingMatrix views, ReadOnlySpan<double> norms, int width)
    {
        int unitCount = LevelEncoding.UnitCount(precision, level.Dimension);
        _panels = new int[(views.Count + width - 1) / width][];
        for (int q = 0; q < views.Count; q++)
        {
            Scale = Math.Max(Scale, LevelEncoding.Scale(precision, views[q]));
            Norm = Math.Max(Norm, norms[q] * level.NormFactor);
        }

        int[] units = new int[unitCount];
        for (int panel = 0; panel < _panels.Length; panel++)
        {
            int first = panel * width;
            int count = Math.Min(width, views.Count - first);
            int[] packed = new int[unitCount * width];
            for (int lane = 0; lane < count; lane++)
            {
                Error = Math.Max(Error, LevelEncoding.Encode(precision, views[first + lane], Scale, units));
                for (int p = 0; p < unitCount; p++)
                {
                    packed[(p * width) + lane] = units[p];
                }
            }

            _panels[panel] = packed;
        }

        // What coordinates, the product and the roundings of the test itself may add to the encoding.
        Error += Norm
            * (level.CoordinateError + LevelEncoding.ProductError(precision, level.Dimension) + (16 * CandidateScan.UnitRoundoff));
    }

    /// <summary>Gets s(q).</summary>
    public float Scale { get; }

    /// <summary>Gets the largest ‖q‖.</summary>
    public double Norm { get; }

    /// <summary>Gets the largest e(q).</summary>
    public double Error { get; }

    /// <summary>Gets a panel, shape [units, width].</summary>
    public ReadOnlySpan<int> Panel(int panel) => _panels[panel];
}
