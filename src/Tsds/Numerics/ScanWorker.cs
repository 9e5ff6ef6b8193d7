using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tsds.Numerics;

/// <summary>The work of one thread of a scan: block after block, panel after panel, down the cascade of levels.</summary>
internal sealed class ScanWorker<TLane, TAxisLane>
    where TLane : struct, ILane<TLane>
    where TAxisLane : struct, ILane<TAxisLane>
{
    private readonly RowBlock<TAxisLane> _block;
    private readonly ScanQueries _queries;
    private readonly IPairSink _sink;
    private readonly LevelGauge _gauge;
    private readonly int[] _all;
    private readonly int[] _rows;
    private readonly uint[] _survivors;
    private readonly int[] _products;

    public ScanWorker(IRowSource source, ScanLevel[] levels, ScanQueries queries, IPairSink sink, int blockRows, ScanShortcuts shortcuts)
    {
        _block = new RowBlock<TAxisLane>(source, levels, queries, TLane.Precision, blockRows);
        _queries = queries;
        _sink = sink;
        _gauge = new LevelGauge(levels, TLane.Precision, queries.PanelCount, source.Dimension, shortcuts);
        _all = [.. Enumerable.Range(0, blockRows)];
        _rows = new int[blockRows + PanelKernel.TileRows];
        _survivors = new uint[blockRows];
        _products = new int[(blockRows + PanelKernel.TileRows) * queries.Width];
    }

    public void ScanBlock(long first, int rowCount)
    {
        _block.Load(first, rowCount);
        _gauge.BeginBlock();
        for (int panel = 0; panel < _queries.PanelCount; panel++)
        {
            if (!_sink.HasFixedLimits)
            {
                _queries.UpdateLevels(panel, _sink);
            }

            int count = FilterPanel(panel, rowCount);
            for (int n = 0; n < count; n++)
            {
                Accept(panel, first, _rows[n], _survivors[_rows[n]]);
            }
        }
    }

    /// <summary>Leaves the rows of the block that may be near a query of the panel, and for which queries.</summary>
    /// <returns>How many they are.</returns>
    private int FilterPanel(int panel, int rowCount)
    {
        int count = rowCount;
        bool isFirst = true;
        for (int level = 0; level < _gauge.LevelCount && count > 0; level++)
        {
            if (_gauge.IsActive(level))
            {
                int before = count;
                count = Compare(level, panel, count, isFirst);
                _gauge.Count(level, before, count);
                isFirst = false;
            }
        }

        return count;
    }

    /// <summary>Compares one level of the rows left, or of all rows where it is the first, and keeps those that it cannot rule out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Compare(int level, int panel, int count, bool isFirst)
    {
        // The last rows of a short block are multiplied with whatever stands there and never looked at.
        ReadOnlySpan<int> rows = isFirst
            ? _all.AsSpan(0, (count + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows)
            : _rows.AsSpan(0, RowBlock<TAxisLane>.Pad(_rows, count));
        LevelRows view = _block.View(level, rows[..count]);
        PanelKernel.Multiply<TLane>(view.Units, view.Stride, rows, view.UnitCount, _queries[level].Panel(panel), _products);
        int width = _queries.Width;
        ReadOnlySpan<float> limits = _queries.Levels.AsSpan(panel * width, width);
        ref readonly float limits0 = ref limits[0];
        ref readonly float limits1 = ref limits[TLane.Count];
        ReadOnlySpan<int> products = _products.AsSpan(0, count * width);
        uint all = uint.MaxValue >> (32 - width);
        int kept = 0;
        for (int n = 0; n < count; n++)
        {
            int row = rows[n];
            float scale = view.Scales[row];
            float threshold = view.Thresholds[row];
            TLane product0 = TLane.Load(in products[n * width]);
            TLane product1 = TLane.Load(in products[(n * width) + TLane.Count]);
            uint below = TLane.IsBelow(product0, scale, in limits0, threshold)
                | (TLane.IsBelow(product1, scale, in limits1, threshold) << TLane.Count);
            uint survivors = ~below & all;
            if (survivors != 0 && (isFirst || (survivors &= _survivors[row]) != 0))
            {
                _survivors[row] = survivors;
                _rows[kept++] = row;
            }
        }

        return kept;
    }

    private void Accept(int panel, long first, int row, uint survivors)
    {
        ReadOnlySpan<float> candidate = _block.Row(row);
        while (survivors != 0)
        {
            int lane = BitOperations.TrailingZeroCount(survivors);
            int position = (panel * _queries.Width) + lane;
            if (position < _queries.Count)
            {
                _sink.Accept(_queries.QueryAt(position), first + row, candidate);
            }

            survivors &= survivors - 1;
        }
    }
}
