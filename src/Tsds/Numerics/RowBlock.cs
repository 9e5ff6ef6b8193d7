namespace Tsds.Numerics;

/// <summary>A block of candidates as one thread of a scan sees them: the embeddings, and their views of each level.</summary>
internal abstract class RowBlock
{
    private readonly ScanLevel[] _levels;
    private readonly ScanQueries _queries;
    private readonly LevelRows[] _views;
    private readonly int[] _missing;
    private int _rowCount;

    protected RowBlock(ScanLevel[] levels, ScanQueries queries, LevelRows[] views, int capacity)
    {
        _levels = levels;
        _queries = queries;
        _views = views;
        _missing = new int[capacity + PanelKernel.TileRows];
    }

    /// <summary>Fills a list of rows up to whole tiles by repeating its last row.</summary>
    public static int Pad(Span<int> rows, int count)
    {
        int padded = (count + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows;
        rows[count..padded].Fill(rows[count - 1]);
        return padded;
    }

    /// <summary>Moves on to a block.</summary>
    public void Load(long first, int rowCount)
    {
        _rowCount = rowCount;
        foreach (LevelRows view in _views)
        {
            Array.Clear(view.IsReady);
            view.ReadyCount = 0;
        }

        LoadRows(first, rowCount);
    }

    /// <summary>The embedding of a row.</summary>
    public abstract ReadOnlySpan<float> Row(int row);

    /// <summary>‖x‖².</summary>
    public abstract double NormSquared(int row);

    /// <summary>The units of all rows at a level, shape [rows, stride].</summary>
    public abstract ReadOnlySpan<int> Units(int level);

    /// <summary>The views of some rows at a level, made when they are first needed.</summary>
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

        if (missingCount > 0)
        {
            view.ReadyCount += missingCount;
            CreateViews(level, view, _missing, missingCount);
        }

        return view;
    }

    protected abstract void LoadRows(long first, int rowCount);

    /// <summary>Makes the views of some rows.</summary>
    /// <param name="level">The level.</param>
    /// <param name="view">Where they go.</param>
    /// <param name="rows">The rows; there is room to pad them.</param>
    /// <param name="count">How many.</param>
    protected abstract void CreateViews(int level, LevelRows view, int[] rows, int count);

    /// <summary>Computes the row's side of the test of <see cref="CandidateScan"/>.</summary>
    /// <param name="level">The level.</param>
    /// <param name="view">Where it goes.</param>
    /// <param name="row">The row.</param>
    /// <param name="normSquared">‖x‖².</param>
    /// <param name="scale">s(x).</param>
    /// <param name="error">e(x).</param>
    protected void SetThreshold(int level, LevelRows view, int row, double normSquared, float scale, double error)
    {
        LevelQueries queries = _queries[level];
        double norm = Math.Sqrt(normSquared);
        double threshold = (normSquared / 2 * (1 - (8 * CandidateScan.UnitRoundoff)))
            - (error * queries.Norm) - (((norm * _levels[level].NormFactor) + error) * queries.Error);
        bool isTiny = norm is > 0 and < CandidateScan.SmallestNorm || queries.Norm is > 0 and < CandidateScan.SmallestNorm;
        view.Scales[row] = scale * queries.Scale;
        view.Thresholds[row] = isTiny ? float.NegativeInfinity : MathF.BitDecrement((float)threshold);
    }
}
