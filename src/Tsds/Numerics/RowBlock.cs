namespace Tsds.Numerics;

/// <summary>
/// A block of candidates as one thread of a scan uses them: the embeddings in units of the kernel, and their short
/// views, computed when they are first needed.
/// </summary>
internal abstract class RowBlock<TLane>
    where TLane : struct, ISimdRegister<TLane>
{
    /// <summary>
    /// The padding between rows. Rows a multiple of 4 KiB apart would compete for the same cache sets.
    /// </summary>
    protected const int StridePadding = 16;

    private readonly ScanStage[] _levels;
    private readonly ScanQueries _queries;
    private readonly StageViews<TLane> _levelViews;
    private readonly StageRows[] _views;
    private readonly int[][] _units;
    private readonly float[] _viewScales;
    private readonly double[] _viewErrors;
    private readonly int[] _missing;
    private readonly bool[] _isEncoded;
    private int _rowCount;

    protected RowBlock(IRowSource source, ScanStage[] levels, ScanQueries queries, int capacity)
    {
        Source = source;
        _levels = levels;
        _queries = queries;
        _levelViews = new StageViews<TLane>(levels);
        _views = Array.ConvertAll(levels, level => CreateRows(level, capacity));
        _units = Array.ConvertAll(_views, view => new int[capacity * view.Stride]);
        _viewScales = new float[capacity];
        _viewErrors = new double[capacity];
        _missing = new int[capacity + PanelKernel.TileRows];
        _isEncoded = new bool[capacity];
        NormsSquared = new double[capacity];
        EncodedNormsSquared = new double[capacity];
        Scales = new float[capacity];
        Errors = new double[capacity];
        CostBounds = new double[capacity];
    }

    protected IRowSource Source { get; }

    /// <summary>Gets ‖x‖², filled by <see cref="LoadRows"/>.</summary>
    protected double[] NormsSquared { get; }

    /// <summary>Gets ‖s(x)x̂‖², filled by <see cref="EncodeRow"/> as the two below.</summary>
    protected double[] EncodedNormsSquared { get; }

    /// <summary>Gets s(x).</summary>
    protected float[] Scales { get; }

    /// <summary>Gets e(x).</summary>
    protected double[] Errors { get; }

    /// <summary>Gets a lower bound of each row's cost; zeros where there are none.</summary>
    protected double[] CostBounds { get; }

    /// <summary>Gets x̂ of all rows, shape [rows, <see cref="EncodedStride"/>].</summary>
    protected int[] Encoded => _units[^1];

    protected int EncodedStride => _views[^1].Stride;

    /// <summary>Pads a list of rows to whole tiles by repeating its last row.</summary>
    public static int Pad(Span<int> rows, int count)
    {
        int padded = (count + PanelKernel.TileRows - 1) / PanelKernel.TileRows * PanelKernel.TileRows;
        rows[count..padded].Fill(rows[count - 1]);
        return padded;
    }

    /// <summary>Loads a block of rows.</summary>
    public void Load(long first, int rowCount)
    {
        _rowCount = rowCount;
        Array.Clear(_isEncoded);
        foreach (StageRows view in _views)
        {
            Array.Clear(view.IsReady);
            view.ReadyCount = 0;
        }

        LoadRows(first, rowCount);
    }

    /// <summary>Returns the embedding of a row.</summary>
    public abstract ReadOnlySpan<float> Row(int row);

    /// <summary>Returns ‖x‖² of a row.</summary>
    public double NormSquared(int row) => NormsSquared[row];

    /// <summary>Returns what a row's squared distances are raised by.</summary>
    public abstract double Cost(int row);

    /// <summary>Returns the units of all rows at a stage, shape [rows, stride].</summary>
    public ReadOnlySpan<int> Units(int level) => _units[level];

    /// <summary>Returns the views of some rows at a stage, computed when they are first needed.</summary>
    /// <param name="level">The stage.</param>
    /// <param name="rows">The rows that will be looked at.</param>
    public StageRows View(int level, ReadOnlySpan<int> rows)
    {
        StageRows view = _views[level];
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
            CreateViews(level, view, missingCount);
        }

        return view;
    }

    /// <summary>Reads rows and sets their norms and costs.</summary>
    protected abstract void LoadRows(long first, int rowCount);

    /// <summary>Sets x̂ of a row, and what describes it.</summary>
    protected abstract void EncodeRow(int row);

    /// <summary>Writes x̂ of a row in int8, as rows are stored.</summary>
    /// <param name="row">The row.</param>
    /// <param name="units">Receives the units.</param>
    /// <param name="scale">Receives the scale.</param>
    /// <returns>The bound of the error.</returns>
    protected virtual double EncodeInt8(int row, Span<int> units, out float scale) => throw new NotSupportedException();

    private static StageRows CreateRows(ScanStage level, int capacity)
    {
        return new StageRows(level.UnitCount, level.UnitCount + StridePadding, capacity);
    }

    private void CreateViews(int level, StageRows view, int count)
    {
        (float[] scales, double[] errors) = (Scales, Errors);
        if (_levels[level] is { Precision: ScanPrecision.Int8, Axes: null })
        {
            foreach (int row in _missing.AsSpan(0, count))
            {
                Span<int> units = _units[level].AsSpan(row * view.Stride, view.UnitCount);
                double error = EncodeInt8(row, units, out float scale);
                SetThreshold(level, view, row, scale, error);
            }

            return;
        }

        foreach (int row in _missing.AsSpan(0, count))
        {
            if (!_isEncoded[row])
            {
                _isEncoded[row] = true;
                EncodeRow(row);
            }
        }

        if (_levels[level].Axes is not null)
        {
            (scales, errors) = (_viewScales, _viewErrors);
            BlockRows embeddings = new()
            {
                Units = Encoded,
                Stride = EncodedStride,
                UnitCount = _views[^1].UnitCount,
                NormsSquared = EncodedNormsSquared,
                Scales = Scales,
                Errors = Errors,
            };
            _levelViews.Write(_levels[level], embeddings, _missing, count, _units[level], view.Stride, scales, errors);
        }

        foreach (int row in _missing.AsSpan(0, count))
        {
            SetThreshold(level, view, row, scales[row], errors[row]);
        }
    }

    /// <summary>Computes the row's side of the test of <see cref="CandidateScan"/>.</summary>
    private void SetThreshold(int level, StageRows view, int row, float scale, double error)
    {
        StageQueries queries = _queries[level];
        double norm = Math.Sqrt(NormsSquared[row]);
        double threshold =
            ((NormsSquared[row] + CostBounds[row]) / 2 * (1 - (8 * CandidateScan.UnitRoundoff)))
            - (error * queries.Norm)
            - (((norm * _levels[level].NormFactor) + error) * queries.Error);
        bool isTiny =
            norm is > 0 and < CandidateScan.SmallestNorm || queries.Norm is > 0 and < CandidateScan.SmallestNorm;
        view.Scales[row] = scale * queries.Scale;
        view.Thresholds[row] = isTiny ? float.NegativeInfinity : MathF.BitDecrement((float)threshold);
    }
}
