namespace Tsds.Numerics;

/// <summary>
/// The queries of one stage: packed in panels, depth-major, padded with zero queries, with one scale and one bound for
/// all.
/// </summary>
internal sealed class StageQueries
{
    /// <summary>The number of units that rows are padded to, those of the widest register.</summary>
    private const int RowAlignment = 16;

    private readonly ScanStage _level;
    private readonly int _width;
    private readonly int[][] _panels;
    private readonly int[] _rows = [];
    private readonly int _rowStride;
    private double _encodingError;

    /// <summary>Initializes the packed queries.</summary>
    /// <param name="level">The stage.</param>
    /// <param name="views">The stage's views of the queries, in packing order.</param>
    /// <param name="norms">The norms of the queries, rounded up, in packing order.</param>
    /// <param name="width">Queries in a panel.</param>
    public StageQueries(ScanStage level, EmbeddingMatrix views, ReadOnlySpan<double> norms, int width)
    {
        _level = level;
        _width = width;
        for (int q = 0; q < views.Count; q++)
        {
            Scale = Math.Max(Scale, StageEncoding.Scale(level.Precision, views[q]));
            Norm = Math.Max(Norm, norms[q] * level.NormFactor);
        }

        _panels = Pack(views);
        if (level.Axes is null && level.Precision != ScanPrecision.Int8)
        {
            _rowStride = (level.UnitCount + RowAlignment - 1) / RowAlignment * RowAlignment;
            _rows = new int[views.Count * _rowStride];
            for (int q = 0; q < views.Count; q++)
            {
                StageEncoding.Encode(level.Precision, views[q], Scale, _rows.AsSpan(q * _rowStride, level.UnitCount));
            }
        }
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
                + StageEncoding.ProductError(_level.Precision, _level.Dimension)
                + (16 * CandidateScan.UnitRoundoff)
            )
        );

    /// <summary>
    /// Gets the units of one query by its position, padded with zeros to whole registers; of the embeddings themselves
    /// only.
    /// </summary>
    public ReadOnlySpan<int> Row(int position) => _rows.AsSpan(position * _rowStride, _rowStride);

    /// <summary>Gets a panel, shape [packed units, width].</summary>
    public ReadOnlySpan<int> Panel(int panel) => _panels[panel];

    /// <summary>
    /// Packs vectors that may be compared like the queries, such as means of them, which fit their scale and norms.
    /// </summary>
    public int[][] Pack(EmbeddingMatrix views)
    {
        int[] units = new int[_level.UnitCount];
        int packedUnits = StageEncoding.PackedUnitCount(_level.Precision, units.Length);
        int[][] panels = new int[(views.Count + _width - 1) / _width][];
        for (int panel = 0; panel < panels.Length; panel++)
        {
            panels[panel] = new int[packedUnits * _width];
            int first = panel * _width;
            for (int lane = 0; lane < Math.Min(_width, views.Count - first); lane++)
            {
                _encodingError = Math.Max(
                    _encodingError,
                    StageEncoding.Encode(_level.Precision, views[first + lane], Scale, units)
                );
                StageEncoding.Pack(_level.Precision, units, panels[panel], _width, lane);
            }
        }

        return panels;
    }
}
