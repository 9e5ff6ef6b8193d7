namespace Tsds.Numerics;

/// <summary>Computes the short views of a block's rows from the units of the embeddings.</summary>
internal sealed class StageViews<TLane>
    where TLane : struct, ISimdRegister<TLane>
{
    private readonly int[][] _packedAxes;
    private readonly float[] _axisScales;
    private readonly float[] _view;
    private int[] _products = [];

    /// <summary>
    /// Initializes the axes, packed as the kernel packs queries, so that coordinates are a product like any other.
    /// </summary>
    /// <param name="levels">The cascade.</param>
    public StageViews(ScanStage[] levels)
    {
        _view = new float[levels.Max(level => level.Dimension)];
        PrincipalAxes? axes = Array.FindLast(levels, level => level.Axes is not null)?.Axes;
        int count = axes?.Count ?? 0;
        int width = PanelKernel.TileRegisters * TLane.Count;
        _packedAxes = new int[(count + width - 1) / width][];
        _axisScales = new float[_packedAxes.Length * width];
        int[] units = new int[axes is null ? 0 : StageEncoding.UnitCount(TLane.Precision, axes.Dimension)];
        for (int a = 0; a < count; a++)
        {
            int[] panel = _packedAxes[a / width] ??= new int[units.Length * width];
            _axisScales[a] = StageEncoding.Scale(TLane.Precision, axes![a]);
            StageEncoding.Encode(TLane.Precision, axes[a], _axisScales[a], units);
            for (int p = 0; p < units.Length; p++)
            {
                panel[(p * width) + (a % width)] = units[p];
            }
        }
    }

    /// <summary>Computes the views of some rows.</summary>
    /// <param name="level">The stage.</param>
    /// <param name="embeddings">The embeddings in units of the kernel.</param>
    /// <param name="rows">Which; padded here.</param>
    /// <param name="count">How many.</param>
    /// <param name="units">Receives the units of the views, shape [any, unitStride].</param>
    /// <param name="unitStride">Units from one row to the next.</param>
    /// <param name="scales">Receives s(x).</param>
    /// <param name="errors">Receives e(x).</param>
    public void Write(
        ScanStage level,
        in BlockRows embeddings,
        int[] rows,
        int count,
        Span<int> units,
        int unitStride,
        Span<float> scales,
        Span<double> errors
    )
    {
        int width = PanelKernel.TileRegisters * TLane.Count;
        int panelCount = (level.AxisCount + width - 1) / width;
        int unitCount = level.UnitCount;
        int padded = RowBlock<TLane>.Pad(rows, count);
        int size = padded * width;
        if (_products.Length < size * _packedAxes.Length)
        {
            _products = new int[size * _packedAxes.Length];
        }

        for (int panel = 0; panel < panelCount; panel++)
        {
            Span<int> products = _products.AsSpan(panel * size, size);
            PanelKernel.Multiply<TLane>(
                embeddings.Units,
                embeddings.Stride,
                rows.AsSpan(0, padded),
                embeddings.UnitCount,
                _packedAxes[panel],
                products
            );
        }

        Span<float> coordinates = stackalloc float[panelCount * width];
        Span<float> view = _view.AsSpan(0, level.Dimension);
        for (int n = 0; n < count; n++)
        {
            int row = rows[n];
            for (int a = 0; a < level.AxisCount; a++)
            {
                int product = _products[((((a / width) * padded) + n) * width) + (a % width)];
                coordinates[a] =
                    TLane.Precision == ScanPrecision.Int16
                        ? product * _axisScales[a] * embeddings.Scales[row]
                        : BitConverter.Int32BitsToSingle(product);
            }

            double normSquared = embeddings.NormsSquared[row];
            level.Complete(coordinates, normSquared, view);
            scales[row] = StageEncoding.Scale(level.Precision, view);
            errors[row] =
                StageEncoding.Encode(
                    level.Precision,
                    view,
                    scales[row],
                    units.Slice(row * unitStride, unitCount),
                    level.Precision == ScanPrecision.Int8 ? Int8Arithmetic.RowZero : 0
                )
                + embeddings.Errors[row]
                + (Math.Sqrt(normSquared) * (level.CoordinateError + (4 * CandidateScan.UnitRoundoff)));
        }
    }
}
