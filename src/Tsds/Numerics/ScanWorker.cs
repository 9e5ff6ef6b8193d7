using System.Numerics;

namespace Tsds.Numerics;

/// <summary>The work of one thread of a scan, with its block of rows and their products.</summary>
internal sealed class ScanWorker<TLane>
    where TLane : struct, ILane<TLane>
{
    /// <summary>Rows must not begin a multiple of 4 KiB apart, or they fight for the same cache sets.</summary>
    private const int StridePadding = 16;

    private readonly IRowSource _source;
    private readonly PackedQueries _packed;
    private readonly QueryBounds _bounds;
    private readonly IPairSink _sink;
    private readonly int _stride;
    private readonly float[] _rows;
    private readonly float[] _products;
    private readonly float[] _halfNormsSquared = new float[CandidateScan.BlockRows];
    private readonly float[] _norms = new float[CandidateScan.BlockRows];
    private readonly float[] _levels;
    private readonly float[] _errors;

    public ScanWorker(IRowSource source, PackedQueries packed, QueryBounds bounds, IPairSink sink)
    {
        _source = source;
        _packed = packed;
        _bounds = bounds;
        _sink = sink;
        _stride = source.Dimension + StridePadding;
        _rows = new float[CandidateScan.BlockRows * _stride];
        _products = new float[CandidateScan.BlockRows * packed.Width];
        _levels = new float[packed.Width];
        _errors = new float[packed.Width];
    }

    public void ScanBlock(long first, int rowCount)
    {
        _source.ReadRows(first, rowCount, _rows, _stride);
        for (int row = 0; row < rowCount; row++)
        {
            (_halfNormsSquared[row], _norms[row]) = CandidateScan.RowBounds(Row(row));
        }

        // Whole tiles only: what a last, short block leaves of earlier rows is multiplied and never looked at.
        int tileRows = (rowCount + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows;
        for (int panel = 0; panel < _packed.PanelCount; panel++)
        {
            PanelKernel.Multiply<TLane>(_rows, tileRows, _stride, _source.Dimension, _packed.Panel(panel), _products);
            FilterPanel(panel * _packed.Width, first, rowCount);
        }
    }

    private ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * _stride, _source.Dimension);

    private void FilterPanel(int firstQuery, long first, int rowCount)
    {
        for (int lane = 0; lane < _packed.Width; lane++)
        {
            int query = firstQuery + lane;
            bool isQuery = query < _packed.Queries.Count;

            // Padding lies below every level.
            _levels[lane] = isQuery ? _bounds.Level(query, _sink.Limit(query)) : float.NegativeInfinity;
            _errors[lane] = isQuery ? _bounds.ProductErrors[query] : 0;
        }

        for (int register = 0; register < _packed.Width; register += TLane.Count)
        {
            TLane level = TLane.Load(in _levels[register]);
            TLane error = TLane.Load(in _errors[register]);
            uint all = uint.MaxValue >> (32 - TLane.Count);
            for (int row = 0; row < rowCount; row++)
            {
                TLane key = TLane.Subtract(
                    TLane.Broadcast(_halfNormsSquared[row]), TLane.Load(in _products[(row * _packed.Width) + register]));
                TLane bound = TLane.MultiplyAdd(TLane.Broadcast(_norms[row]), error, level);
                uint survivors = ~TLane.GreaterThan(key, bound) & all;
                while (survivors != 0)
                {
                    int lane = BitOperations.TrailingZeroCount(survivors);
                    _sink.Accept(firstQuery + register + lane, first + row, Row(row));
                    survivors &= survivors - 1;
                }
            }
        }
    }
}
