using System.Runtime.InteropServices;

namespace Tsds.Numerics;

/// <summary>A block whose views are computed from the embeddings.</summary>
internal sealed class ComputedRowBlock<TAxisLane> : RowBlock
    where TAxisLane : struct, ILane<TAxisLane>
{
    /// <summary>Rows must not begin a multiple of 4 KiB apart, or they fight for the same cache sets.</summary>
    private const int StridePadding = 16;

    private readonly IRowSource _source;
    private readonly ScanLevel[] _levels;
    private readonly ScanPrecision _precision;
    private readonly LevelViews<TAxisLane> _levelViews;
    private readonly int _stride;
    private readonly float[] _rows;
    private readonly double[] _normsSquared;
    private readonly int[][] _units;
    private readonly float[] _scales;
    private readonly double[] _errors;

    public ComputedRowBlock(IRowSource source, ScanLevel[] levels, ScanQueries queries, ScanPrecision precision, int capacity)
        : base(levels, queries, Array.ConvertAll(levels, level => CreateRows(level, precision, capacity)), capacity)
    {
        _source = source;
        _levels = levels;
        _precision = precision;
        _levelViews = new LevelViews<TAxisLane>(levels, precision);
        _stride = source.Dimension + StridePadding;
        _rows = new float[capacity * _stride];
        _normsSquared = new double[capacity];
        _scales = new float[capacity];
        _errors = new double[capacity];
        _units = Array.ConvertAll(levels, level => new int[capacity * CreateRows(level, precision, 0).Stride]);
    }

    public override ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * _stride, _source.Dimension);

    public override double NormSquared(int row) => _normsSquared[row];

    public override ReadOnlySpan<int> Units(int level) => _units[level];

    protected override void LoadRows(long first, int rowCount)
    {
        _source.ReadRows(first, rowCount, _rows, _stride);
        for (int row = 0; row < rowCount; row++)
        {
            _normsSquared[row] = DistanceKernels.NormSquared(Row(row));
        }
    }

    protected override void CreateViews(int level, LevelRows view, int[] rows, int count)
    {
        if (_levels[level].Axes is null)
        {
            foreach (int row in rows.AsSpan(0, count))
            {
                Span<int> units = _units[level].AsSpan(row * view.Stride, view.UnitCount);
                _scales[row] = LevelEncoding.Scale(_precision, Row(row));
                _errors[row] = LevelEncoding.Encode(_precision, Row(row), _scales[row], units)
                    + (4 * CandidateScan.UnitRoundoff * Math.Sqrt(_normsSquared[row]));
            }
        }
        else
        {
            BlockRows embeddings = new()
            {
                Units = MemoryMarshal.Cast<float, int>(_rows.AsSpan()),
                Stride = _stride,
                UnitCount = _source.Dimension,
                NormsSquared = _normsSquared,
            };
            _levelViews.Write(_levels[level], embeddings, rows, count, _units[level], view.Stride, _scales, _errors);
        }

        foreach (int row in rows.AsSpan(0, count))
        {
            SetThreshold(level, view, row, _normsSquared[row], _scales[row], _errors[row]);
        }
    }

    private static LevelRows CreateRows(ScanLevel level, ScanPrecision precision, int capacity)
    {
        int unitCount = LevelEncoding.UnitCount(precision, level.Dimension);
        return new LevelRows(unitCount, unitCount + StridePadding, capacity);
    }
}
