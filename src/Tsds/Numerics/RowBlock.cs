using System.Runtime.InteropServices;

namespace Tsds.Numerics;

/// <summary>A block of candidates as one thread of a scan sees them: the embeddings, and their views of each level, made when they are first needed.</summary>
internal sealed class RowBlock<TAxisLane>
    where TAxisLane : struct, ILane<TAxisLane>
{
    /// <summary>Rows must not begin a multiple of 4 KiB apart, or they fight for the same cache sets.</summary>
    private const int StridePadding = 16;

    private readonly IRowSource _source;
    private readonly ScanPrecision _precision;
    private readonly ScanLevel[] _levels;
    private readonly ScanQueries _queries;
    private readonly LevelRows[] _views;
    private readonly int _stride;
    private readonly float[] _rows;
    private readonly double[] _normsSquared;
    private readonly double[] _norms;
    private readonly int[][] _packedAxes;
    private readonly int[] _missing;
    private readonly float[] _view;
    private float[] _coordinates = [];
    private int _rowCount;

    public RowBlock(IRowSource source, ScanLevel[] levels, ScanQueries queries, ScanPrecision precision, int capacity)
    {
        _source = source;
        _precision = precision;
        _levels = levels;
        _queries = queries;
        _stride = source.Dimension + StridePadding;
        _rows = new float[capacity * _stride];
        _normsSquared = new double[capacity];
        _norms = new double[capacity];
        _missing = new int[capacity + PanelKernel.TileRows];
        _view = new float[levels.Max(level => level.Dimension)];
        _views = Array.ConvertAll(levels, level => new LevelRows(LevelEncoding.UnitCount(precision, level.Dimension), capacity));
        _packedAxes = levels.Length > 1 ? Pack(levels[^2].Axes!) : [];
    }

    /// <summary>Reads a block.</summary>
    public void Load(long first, int rowCount)
    {
        _source.ReadRows(first, rowCount, _rows, _stride);
        for (int row = 0; row < rowCount; row++)
        {
            _normsSquared[row] = DistanceKernels.NormSquared(Row(row));
            _norms[row] = Math.Sqrt(_normsSquared[row]);
        }

        _rowCount = rowCount;
        foreach (LevelRows view in _views)
        {
            Array.Clear(view.IsReady);
            view.ReadyCount = 0;
        }
    }

    public ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * _stride, _source.Dimension);

    /// <summary>The views of some rows at a level.</summary>
    /// <param name="level">The level.</param>
    /// <param name="rows">The rows that will be looked at.</param>
    public LevelRows View(int level, ReadOnlySpan<int> rows)
    {
        LevelRows view = _views[level];
        if (view.ReadyCount == _rowCount)
        {
            return view;
        }

        int missingCount = 0;
        foreach (int row in rows)
        {
            if (!view.IsReady[row])
            {
                view.IsReady[row] = true;
                _missing[missingCount++] = row;
            }
        }

        if (missingCount == 0)
        {
            return view;
        }

        view.ReadyCount += missingCount;
        ScanLevel definition = _levels[level];
        if (definition.Axes is null)
        {
            foreach (int row in _missing.AsSpan(0, missingCount))
            {
                Encode(level, row, Row(row));
            }

            return view;
        }

        int width = PanelKernel.TileRegisters * TAxisLane.Count;
        int panelCount = (definition.AxisCount + width - 1) / width;
        int padded = Pad(_missing, missingCount);
        if (_coordinates.Length < padded * width * _packedAxes.Length)
        {
            _coordinates = new float[padded * width * _packedAxes.Length];
        }

        for (int panel = 0; panel < panelCount; panel++)
        {
            PanelKernel.Multiply<TAxisLane>(
                MemoryMarshal.Cast<float, int>(_rows.AsSpan()),
                _stride,
                _missing.AsSpan(0, padded),
                _source.Dimension,
                _packedAxes[panel],
                MemoryMarshal.Cast<float, int>(_coordinates.AsSpan(panel * padded * width, padded * width)));
        }

        Span<float> viewBuffer = _view.AsSpan(0, definition.Dimension);
        Span<float> coordinates = stackalloc float[panelCount * width];
        for (int n = 0; n < missingCount; n++)
        {
            for (int panel = 0; panel < panelCount; panel++)
            {
                _coordinates.AsSpan(((panel * padded) + n) * width, width).CopyTo(coordinates[(panel * width)..]);
            }

            definition.Complete(coordinates, _normsSquared[_missing[n]], viewBuffer);
            Encode(level, _missing[n], viewBuffer);
        }

        return view;
    }

    /// <summary>Fills a list of rows up to whole tiles by repeating its last row.</summary>
    public static int Pad(Span<int> rows, int count)
    {
        int padded = (count + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows;
        rows[count..padded].Fill(rows[count - 1]);
        return padded;
    }

    private void Encode(int level, int row, ReadOnlySpan<float> values)
    {
        LevelRows view = _views[level];
        LevelQueries queries = _queries[level];
        float scale = LevelEncoding.Scale(_precision, values);
        double error = LevelEncoding.Encode(_precision, values, scale, view.Units.AsSpan(row * view.Stride, view.UnitCount));
        double norm = _norms[row];
        error += norm * (_levels[level].CoordinateError + (4 * CandidateScan.UnitRoundoff));
        double threshold = (_normsSquared[row] / 2 * (1 - (8 * CandidateScan.UnitRoundoff)))
            - (error * queries.Norm) - (((norm * _levels[level].NormFactor) + error) * queries.Error);
        bool isTiny = norm is > 0 and < CandidateScan.SmallestNorm || queries.Norm is > 0 and < CandidateScan.SmallestNorm;
        view.Scales[row] = scale * queries.Scale;
        view.Thresholds[row] = isTiny ? float.NegativeInfinity : MathF.BitDecrement((float)threshold);
    }

    /// <summary>Packs axes as the kernel packs queries, so that a block's coordinates are a product like any other.</summary>
    private static int[][] Pack(PrincipalAxes axes)
    {
        int width = PanelKernel.TileRegisters * TAxisLane.Count;
        int[][] panels = new int[(axes.Count + width - 1) / width][];
        for (int panel = 0; panel < panels.Length; panel++)
        {
            panels[panel] = new int[axes.Dimension * width];
            for (int lane = 0; lane < Math.Min(width, axes.Count - (panel * width)); lane++)
            {
                ReadOnlySpan<float> axis = axes[(panel * width) + lane];
                for (int p = 0; p < axis.Length; p++)
                {
                    panels[panel][(p * width) + lane] = BitConverter.SingleToInt32Bits(axis[p]);
                }
            }
        }

        return panels;
    }
}
