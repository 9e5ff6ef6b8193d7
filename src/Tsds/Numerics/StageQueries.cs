namespace Tsds.Numerics;

/// <summary>
/// The queries of one stage: packed in panels, depth-major, padded with zero queries, with one scale and one bound for
/// all.
/// </summary>
internal sealed class StageQueries
{
    private readonly ScanPrecision _precision;
    private readonly ScanStage _level;
    private readonly int _width;
    private readonly int[][] _panels;
    private double _encodingError;

    /// <summary>Initializes the packed queries.</summary>
    /// <param name="precision">The units.</param>
    /// <param name="level">The stage.</param>
    /// <param name="views">The stage's views of the queries, in packing order.</param>
    /// <param name="norms">The norms of the queries, rounded up, in packing order.</param>
    /// <param name="width">Queries in a panel.</param>
    public StageQueries(
        ScanPrecision precision,
        ScanStage level,
        EmbeddingMatrix views,
        ReadOnlySpan<double> norms,
        int width
    )
    {
        _precision = precision;
        _level = level;
        _width = width;
        for (int q = 0; q < views.Count; q++)
        {
            Scale = Math.Max(Scale, StageEncoding.Scale(precision, views[q]));
            Norm = Math.Max(Norm, norms[q] * level.NormFactor);
        }

        _panels = Pack(views);
    }

    /// <summary>Gets s(q).</summary>
    public float Scale { get; }

    /// <summary>Gets the largest ‖q‖.</summary>
    public double Norm { get; }

    /// <summary>
    /// Gets the largest e(q): encoding, coordinates, the rounding of the product, and the roundings of the test itself.
    /// </summary>
    public double Error =>
        _encodingError
        + (
            Norm
            * (
                _level.CoordinateError
                + StageEncoding.ProductError(_precision, _level.Dimension)
                + (16 * CandidateScan.UnitRoundoff)
            )
        );

    /// <summary>Gets a panel, shape [units, width].</summary>
    public ReadOnlySpan<int> Panel(int panel) => _panels[panel];

    /// <summary>
    /// Packs vectors that may be compared like the queries, such as means of them, which fit their scale and norms.
    /// </summary>
    public int[][] Pack(EmbeddingMatrix views)
    {
        int[] units = new int[StageEncoding.UnitCount(_precision, _level.Dimension)];
        int[][] panels = new int[(views.Count + _width - 1) / _width][];
        for (int panel = 0; panel < panels.Length; panel++)
        {
            panels[panel] = new int[units.Length * _width];
            int first = panel * _width;
            for (int lane = 0; lane < Math.Min(_width, views.Count - first); lane++)
            {
                _encodingError = Math.Max(
                    _encodingError,
                    StageEncoding.Encode(_precision, views[first + lane], Scale, units)
                );
                for (int p = 0; p < units.Length; p++)
                {
                    panels[panel][(p * _width) + lane] = units[p];
                }
            }
        }

        return panels;
    }
}
