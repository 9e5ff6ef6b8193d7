using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tsds.Numerics;

/// <summary>
/// The work of one thread of a scan: block after block, panel after panel, through the stages of the cascade.
/// </summary>
internal sealed class ScanWorker<TLane, TCoarse>
    where TLane : struct, ISimdRegister<TLane>
    where TCoarse : struct, ISimdRegister<TCoarse>
{
    private readonly RowBlock<TLane> _block;
    private readonly ScanStage[] _levels;
    private readonly ScanQueries _queries;
    private readonly IPairSink _sink;
    private readonly StageGauge _gauge;
    private readonly int[] _all;
    private readonly int[][] _members;
    private readonly int[] _rows;
    private readonly uint[] _survivors;
    private readonly int[] _products;
    private readonly ExactProducts? _exact;
    private readonly double[] _normsSquared;
    private int _keptPairs;
    private bool _takesProducts;

    public ScanWorker(
        IRowSource source,
        ScanStage[] levels,
        ScanQueries queries,
        IPairSink sink,
        int blockRows,
        ScanShortcuts shortcuts
    )
    {
        _block =
            TLane.Precision == ScanPrecision.Int16 && source.Quantized is { } quantized
                ? new QuantizedRowBlock<TLane>(source, quantized, levels, queries, blockRows)
                : new ComputedRowBlock<TLane>(source, levels, queries, blockRows);
        _levels = levels;
        _queries = queries;
        _sink = sink;
        _gauge = new StageGauge(levels, queries.PanelCount, queries.Width, source.Dimension, shortcuts);
        _all = [.. Enumerable.Range(0, blockRows + PanelKernel.TileRows)];
        _members = new int[queries.Width][];
        for (int group = 0; group < _members.Length; group++)
        {
            _members[group] = new int[blockRows + PanelKernel.TileRows];
        }

        _rows = new int[blockRows + PanelKernel.TileRows];
        _survivors = new uint[blockRows];
        _products = new int[(blockRows + PanelKernel.TileRows) * queries.Width];
        _exact = ExactProducts.IsSupported(queries.Width)
            ? new ExactProducts(source.Dimension, queries.Width, blockRows)
            : null;
        _normsSquared = new double[blockRows];
    }

    public void ScanBlock(long first, int rowCount)
    {
        _block.Load(first, rowCount);
        _gauge.BeginBlock();
        _exact?.BeginBlock();
        _takesProducts = _gauge.KeepsMost && _exact is not null && TakesProducts(rowCount);
        if (!_sink.HasFixedLimits)
        {
            for (int panel = 0; panel < _queries.PanelCount; panel++)
            {
                _queries.UpdateLevels(panel, _sink);
            }
        }

        if (_queries.Groups is { } groups && _gauge.UsesGroups)
        {
            for (int panel = 0; panel < groups.PanelCount; panel++)
            {
                ScanGroups(groups, panel, first, rowCount);
            }

            return;
        }

        for (int panel = 0; panel < _queries.PanelCount; panel++)
        {
            ScanPanel(panel, first, _all, rowCount);
        }
    }

    /// <summary>
    /// Determines whether all rows may be reported with the products of whole panels, ruled out or not.
    /// </summary>
    private bool TakesProducts(int rowCount)
    {
        for (int row = 0; row < rowCount; row++)
        {
            if (!_sink.TakesProducts(_block.NormSquared(row)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Compares the block with a panel of groups, then each group with the rows that may be near it.</summary>
    private void ScanGroups(QueryGroups groups, int groupPanel, long first, int rowCount)
    {
        int width = _queries.Width;
        ReadOnlySpan<float> levels = groups.Levels.AsSpan(groupPanel * width, width);
        int count = Compare(0, groups.Panel(groupPanel), levels, _all, rowCount, isFirst: true);
        Span<int> counts = stackalloc int[width];
        counts.Clear();
        for (int n = 0; n < count; n++)
        {
            int row = _rows[n];
            for (uint near = _survivors[row]; near != 0; near &= near - 1)
            {
                int group = BitOperations.TrailingZeroCount(near);
                _members[group][counts[group]++] = row;
            }
        }

        for (int group = 0; group < Math.Min(width, _queries.PanelCount - (groupPanel * width)); group++)
        {
            _gauge.CountGroups(rowCount, counts[group]);
            if (counts[group] > 0)
            {
                ScanPanel((groupPanel * width) + group, first, _members[group], counts[group]);
            }
        }
    }

    /// <summary>Passes some rows through the cascade and reports those that remain.</summary>
    /// <param name="panel">The panel of queries.</param>
    /// <param name="first">The first row of the block.</param>
    /// <param name="rows">The rows; there is room to pad them.</param>
    /// <param name="count">How many.</param>
    private void ScanPanel(int panel, long first, int[] rows, int count)
    {
        if (_gauge.KeepsMost && _takesProducts)
        {
            rows.AsSpan(0, count).CopyTo(_rows);
            Array.Fill(_survivors, uint.MaxValue >> (32 - _queries.QueriesOf(panel).Length));
            AcceptRows(panel, first, count);
            return;
        }

        ReadOnlySpan<float> limits = _queries.Levels.AsSpan(panel * _queries.Width, _queries.Width);
        bool isFirst = true;
        for (int level = 0; level < _gauge.LevelCount && count > 0; level++)
        {
            if (_gauge.IsActive(level))
            {
                int before = count;
                count =
                    level == _gauge.LevelCount - 1 && !isFirst && _gauge.PaysByPair(count, _keptPairs)
                        ? ComparePairs(level, panel, limits, count)
                        : Compare(level, _queries[level].Panel(panel), limits, isFirst ? rows : _rows, count, isFirst);
                _gauge.Count(level, before, count, _keptPairs);
                isFirst = false;
            }
        }

        AcceptRows(panel, first, count);
    }

    /// <summary>
    /// Compares rows with a panel at one stage, and keeps those that it cannot rule out, with the queries that they may
    /// be near.
    /// </summary>
    private int Compare(
        int level,
        ReadOnlySpan<int> panel,
        ReadOnlySpan<float> limits,
        int[] list,
        int count,
        bool isFirst
    ) =>
        _levels[level].Precision == TCoarse.Precision
            ? CompareRows<TCoarse>(level, panel, limits, list, count, isFirst)
            : CompareRows<TLane>(level, panel, limits, list, count, isFirst);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CompareRows<TUnits>(
        int level,
        ReadOnlySpan<int> panel,
        ReadOnlySpan<float> limits,
        int[] list,
        int count,
        bool isFirst
    )
        where TUnits : struct, ISimdRegister<TUnits>
    {
        ReadOnlySpan<int> rows = list.AsSpan(0, RowBlock<TLane>.Pad(list, count));
        StageRows view = _block.View(level, rows[..count]);
        PanelKernel.Multiply<TUnits>(_block.Units(level), view.Stride, rows, view.UnitCount, panel, _products);
        int width = _queries.Width;
        ref readonly float limits0 = ref limits[0];
        ref readonly float limits1 = ref limits[TUnits.Count];
        ReadOnlySpan<int> products = _products.AsSpan(0, count * width);
        uint all = uint.MaxValue >> (32 - width);
        int kept = 0;
        _keptPairs = 0;
        for (int n = 0; n < count; n++)
        {
            int row = rows[n];
            float scale = view.Scales[row];
            float threshold = view.Thresholds[row];
            TUnits product0 = TUnits.Load(in products[n * width]);
            TUnits product1 = TUnits.Load(in products[(n * width) + TUnits.Count]);
            uint below =
                TUnits.IsBelow(product0, scale, in limits0, threshold)
                | (TUnits.IsBelow(product1, scale, in limits1, threshold) << TUnits.Count);
            uint survivors = ~below & all;
            if (survivors != 0 && (isFirst || (survivors &= _survivors[row]) != 0))
            {
                _survivors[row] = survivors;
                _keptPairs += BitOperations.PopCount(survivors);
                _rows[kept++] = row;
            }
        }

        return kept;
    }

    /// <summary>As <see cref="Compare"/>, for rows of which few pairs are left: each of them by itself.</summary>
    private int ComparePairs(int level, int panel, ReadOnlySpan<float> limits, int count)
    {
        StageRows view = _block.View(level, _rows.AsSpan(0, count));
        StageQueries queries = _queries[level];
        ReadOnlySpan<int> units = _block.Units(level);
        int first = panel * _queries.Width;
        uint used = uint.MaxValue >> (32 - _queries.QueriesOf(panel).Length);
        int kept = 0;
        _keptPairs = 0;
        for (int n = 0; n < count; n++)
        {
            int row = _rows[n];
            ReadOnlySpan<int> rowUnits = units.Slice(row * view.Stride, view.Stride);
            uint survivors = _survivors[row] & used;
            for (uint rest = survivors; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                float product = PanelKernel.Dot<TLane>(rowUnits, queries.Row(first + lane));
                if ((product * view.Scales[row]) + limits[lane] < view.Thresholds[row])
                {
                    survivors &= ~(1u << lane);
                }
            }

            if (survivors != 0)
            {
                _survivors[row] = survivors;
                _keptPairs += BitOperations.PopCount(survivors);
                _rows[kept++] = row;
            }
        }

        return kept;
    }

    /// <summary>Reports the rows that remain: those with many pairs together, the others pair by pair.</summary>
    private void AcceptRows(int panel, long first, int count)
    {
        ReadOnlySpan<int> queries = _queries.QueriesOf(panel);
        int together = 0;
        int pairCount = 0;
        for (int n = 0; n < count && _exact is not null; n++)
        {
            int row = _rows[n];
            if (_sink.TakesProducts(_block.NormSquared(row)))
            {
                pairCount += BitOperations.PopCount(_survivors[row]);
                (_rows[n], _rows[together]) = (_rows[together], row);
                together++;
            }
        }

        if (_exact is null || !ExactProducts.Pays(together, pairCount))
        {
            together = 0;
        }

        for (int n = together; n < count; n++)
        {
            AcceptPairs(queries, first, _rows[n]);
        }

        if (together > 0)
        {
            for (int n = 0; n < together; n++)
            {
                _exact!.AddRow(_rows[n], _block.Row(_rows[n]));
                _normsSquared[n] = _block.NormSquared(_rows[n]);
            }

            _sink.AcceptProducts(
                _normsSquared.AsSpan(0, together),
                _exact!.Multiply(_rows, together, _queries.Embeddings, queries),
                queries
            );
        }
    }

    private void AcceptPairs(ReadOnlySpan<int> panel, long first, int row)
    {
        Span<int> queries = stackalloc int[32];
        int count = 0;
        for (uint survivors = _survivors[row]; survivors != 0; survivors &= survivors - 1)
        {
            int lane = BitOperations.TrailingZeroCount(survivors);
            if (lane < panel.Length)
            {
                queries[count++] = panel[lane];
            }
        }

        if (count > 0)
        {
            ScannedRow candidate = new()
            {
                Id = first + row,
                Embedding = _block.Row(row),
                NormSquared = _block.NormSquared(row),
                Cost = _block.Cost(row),
            };
            _sink.Accept(candidate, queries[..count]);
        }
    }
}
