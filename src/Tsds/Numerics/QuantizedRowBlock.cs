using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// A block of rows that were quantized before, converted to pairs of int16. An embedding is read only if it must be
/// compared exactly.
/// </summary>
internal sealed class QuantizedRowBlock<TLane> : RowBlock<TLane>
    where TLane : struct, ISimdRegister<TLane>
{
    private readonly IQuantizedRows _quantized;
    private readonly QuantizedRow[] _rows;
    private readonly float[] _row;
    private long _first;
    private int _readRow;

    public QuantizedRowBlock(
        IRowSource source,
        IQuantizedRows quantized,
        ScanStage[] levels,
        ScanQueries queries,
        int capacity
    )
        : base(source, levels, queries, capacity)
    {
        _quantized = quantized;
        _rows = new QuantizedRow[capacity];
        _row = new float[source.Dimension];
    }

    public override ReadOnlySpan<float> Row(int row)
    {
        if (row != _readRow)
        {
            Source.ReadRows(_first + row, 1, _row, _row.Length);
            _readRow = row;
        }

        return _row;
    }

    public override double Cost(int row) => Source.Costs?.CostOf(Row(row)) ?? 0;

    protected override void LoadRows(long first, int rowCount)
    {
        (_first, _readRow) = (first, -1);
        _quantized.Read(first, rowCount, _rows, out ReadOnlySpan<sbyte> elements);
        int dimension = Source.Dimension;
        for (int row = 0; row < rowCount; row++)
        {
            Widen(
                elements.Slice(row * dimension, dimension),
                MemoryMarshal.Cast<int, short>(Encoded.AsSpan(row * EncodedStride, EncodedStride))
            );
            NormsSquared[row] = _rows[row].NormSquared;
            EncodedNormsSquared[row] = _rows[row].RoundedNormSquared;
            Scales[row] = _rows[row].Scale;
            Errors[row] = _rows[row].Error + (4 * CandidateScan.UnitRoundoff * Math.Sqrt(_rows[row].NormSquared));
            CostBounds[row] =
                Source.Costs?.LeastCostOf(elements.Slice(row * dimension, dimension), Scales[row], Errors[row]) ?? 0;
        }
    }

    /// <summary>Does nothing: rows are stored with what describes them.</summary>
    protected override void EncodeRow(int row) { }

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
                Vector256
                    .Create(Vector128.WidenLower(values), Vector128.WidenUpper(values))
                    .StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i++)
        {
            destination[i] = source[i];
        }
    }
}
