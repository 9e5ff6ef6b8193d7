using System.Runtime.InteropServices;

namespace Tsds.Numerics;

/// <summary>A block whose rows are read from the embeddings and encoded here.</summary>
internal sealed class ComputedRowBlock<TLane> : RowBlock<TLane>
    where TLane : struct, ISimdRegister<TLane>
{
    private readonly int _stride;
    private readonly float[] _rows;

    public ComputedRowBlock(IRowSource source, ScanStage[] levels, ScanQueries queries, int capacity)
        : base(source, levels, queries, capacity)
    {
        _stride = source.Dimension + StridePadding;
        _rows = new float[TLane.Precision == ScanPrecision.Float32 ? 0 : capacity * _stride];
    }

    /// <summary>Gets the embeddings; where units are float32, those are the same.</summary>
    private Span<float> Rows =>
        TLane.Precision == ScanPrecision.Float32 ? MemoryMarshal.Cast<int, float>(Encoded.AsSpan()) : _rows;

    public override ReadOnlySpan<float> Row(int row) => Rows.Slice(row * _stride, Source.Dimension);

    public override double Cost(int row) => CostBounds[row];

    protected override void LoadRows(long first, int rowCount)
    {
        for (int start = 0; start < rowCount; start += IRowSource.RowsAtOnce)
        {
            int end = Math.Min(rowCount, start + IRowSource.RowsAtOnce);
            Source.ReadRows(first + start, end - start, Rows[(start * _stride)..], _stride);
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<float> values = Row(row);
                NormsSquared[row] = DistanceKernels.NormSquared(values);
                CostBounds[row] = Source.Costs?.CostOf(values) ?? 0;
            }
        }
    }

    protected override void EncodeRow(int row)
    {
        ReadOnlySpan<float> values = Row(row);
        Scales[row] = StageEncoding.Scale(TLane.Precision, values);
        if (TLane.Precision == ScanPrecision.Float32)
        {
            EncodedNormsSquared[row] = NormsSquared[row];
            return;
        }

        Span<int> units = Encoded.AsSpan(row * EncodedStride, StageEncoding.UnitCount(TLane.Precision, values.Length));
        double error = StageEncoding.Encode(TLane.Precision, values, Scales[row], units);
        EncodedNormsSquared[row] = (double)Scales[row] * Scales[row] * StageEncoding.NormSquared(units);
        Errors[row] = error + RoundingError(row);
    }

    protected override double EncodeInt8(int row, Span<int> units, out float scale)
    {
        ReadOnlySpan<float> values = Row(row);
        scale = StageEncoding.Scale(ScanPrecision.Int8, values);
        return StageEncoding.Encode(ScanPrecision.Int8, values, scale, units, Int8Arithmetic.RowZero)
            + RoundingError(row);
    }

    private double RoundingError(int row) => 4 * CandidateScan.UnitRoundoff * Math.Sqrt(NormsSquared[row]);
}
