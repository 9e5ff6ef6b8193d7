using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>A block of quantized rows: widened to pairs of int16, projected as they are. An embedding is read only where it has to be compared exactly.</summary>
internal sealed class QuantizedRowBlock<TLane> : RowBlock
    where TLane : struct, ILane<TLane>
{
    private const int StridePadding = 16;

    private readonly IRowSource _source;
    private readonly IQuantizedRows _quantized;
    private readonly ScanLevel[] _levels;
    private readonly LevelViews<TLane> _levelViews;
    private readonly QuantizedRow[] _rows;
    private readonly double[] _normsSquared;
    private readonly double[] _roundedNormsSquared;
    private readonly float[] _rowScales;
    private readonly double[] _rowErrors;
    private readonly int[][] _units;
    private readonly float[] _scales;
    private readonly double[] _errors;
    private readonly float[] _row;
    private long _first;
    private int _readRow;

    public QuantizedRowBlock(IRowSource source, IQuantizedRows quantized, ScanLevel[] levels, ScanQueries queries, int capacity)
        : base(levels, queries, Array.ConvertAll(levels, level => CreateRows(level, capacity)), capacity)
    {
        _source = source;
        _quantized = quantized;
        _levels = levels;
        _levelViews = new LevelViews<TLane>(levels, ScanPrecision.Int16);
        _rows = new QuantizedRow[capacity];
        _normsSquared = new double[capacity];
        _roundedNormsSquared = new double[capacity];
        _rowScales = new float[capacity];
        _rowErrors = new double[capacity];
        _scales = new float[capacity];
        _errors = new double[capacity];
        _units = Array.ConvertAll(levels, level => new int[capacity * CreateRows(level, 0).Stride]);
        _row = new float[source.Dimension];
    }

    public override ReadOnlySpan<float> Row(int row)
    {
        if (row != _readRow)
        {
            _source.ReadRows(_first + row, 1, _row, _row.Length);
            _readRow = row;
        }

        return _row;
    }

    public override double NormSquared(int row) => _normsSquared[row];

    public override ReadOnlySpan<int> Units(int level) => _units[level];

    protected override void LoadRows(long first, int rowCount)
    {
        (_first, _readRow) = (first, -1);
        _quantized.Read(first, rowCount, _rows, out ReadOnlySpan<sbyte> elements);
        int dimension = _source.Dimension;
        int stride = CreateRows(_levels[^1], 0).Stride;
        for (int row = 0; row < rowCount; row++)
        {
            Widen(elements.Slice(row * dimension, dimension), MemoryMarshal.Cast<int, short>(_units[^1].AsSpan(row * stride, stride)));
            double norm = Math.Sqrt(_rows[row].NormSquared);
            _normsSquared[row] = _rows[row].NormSquared;
            _roundedNormsSquared[row] = _rows[row].RoundedNormSquared;
            _rowScales[row] = _rows[row].Scale;
            _rowErrors[row] = _rows[row].Error + (4 * CandidateScan.UnitRoundoff * norm);
        }
    }

    protected override void CreateViews(int level, LevelRows view, int[] rows, int count)
    {
        bool isFull = _levels[level].Axes is null;
        if (!isFull)
        {
            LevelRows full = CreateRows(_levels[^1], 0);
            BlockRows embeddings = new()
            {
                Units = _units[^1],
                Stride = full.Stride,
                UnitCount = full.UnitCount,
                NormsSquared = _roundedNormsSquared,
                Scales = _rowScales,
                Errors = _rowErrors,
            };
            _levelViews.Write(_levels[level], embeddings, rows, count, _units[level], view.Stride, _scales, _errors);
        }

        foreach (int row in rows.AsSpan(0, count))
        {
            SetThreshold(
                level, view, row, _normsSquared[row], isFull ? _rowScales[row] : _scales[row], isFull ? _rowErrors[row] : _errors[row]);
        }
    }

    private static void Widen(ReadOnlySpan<sbyte> source, Span<short> destination)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref sbyte first = ref MemoryMarshal.GetReference(source);
            ref short to = ref MemoryMarshal.GetReference(destination);
            for (; i <= source.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
            {
                Vector128<sbyte> values = Vector128.LoadUnsafe(ref first, (nuint)i);
                Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values)).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }

    private static LevelRows CreateRows(ScanLevel level, int capacity)
    {
        int unitCount = LevelEncoding.UnitCount(ScanPrecision.Int16, level.Dimension);
        return new LevelRows(unitCount, unitCount + StridePadding, capacity);
    }
}
