namespace Tsds.Numerics;

/// <summary>
/// The queries of a scan, in an order that puts near ones into the same panel, with the limits against which they are
/// compared.
/// </summary>
internal sealed class ScanQueries
{
    private readonly EmbeddingMatrix _queries;
    private readonly double[] _normsSquared;
    private readonly int[] _order;
    private readonly StageQueries[] _levels;

    /// <summary>Initializes the queries, packed for each stage of a cascade.</summary>
    /// <param name="queries">Shape [queries, dimension].</param>
    /// <param name="levels">The cascade, ending with the embeddings themselves.</param>
    /// <param name="width">Queries in a panel.</param>
    /// <param name="rowError">The most by which a candidate is known inexactly, relative to its norm.</param>
    public ScanQueries(EmbeddingMatrix queries, ScanStage[] levels, int width, double rowError)
    {
        _queries = queries;
        Width = width;
        PanelCount = (queries.Count + width - 1) / width;
        Levels = new float[PanelCount * width];
        Array.Fill(Levels, float.NegativeInfinity);
        _normsSquared = new double[queries.Count];
        for (int q = 0; q < queries.Count; q++)
        {
            _normsSquared[q] = DistanceKernels.NormSquared(queries[q]);
        }

        // The finest short view that there is decides who is near whom.
        EmbeddingMatrix[] views = Array.ConvertAll(levels, level => View(level, queries));
        int finest = Array.FindLastIndex(levels, level => level.Axes is not null);
        _order = finest >= 0 ? QueryOrder.ByProximity(views[finest], width) : [.. Enumerable.Range(0, queries.Count)];
        double[] norms = Array.ConvertAll(_order, q => Math.Sqrt(_normsSquared[q]) * (1 + CandidateScan.UnitRoundoff));
        _levels = new StageQueries[levels.Length];
        for (int level = 0; level < levels.Length; level++)
        {
            EmbeddingMatrix ordered = finest >= 0 ? views[level].Gather(_order) : views[level];
            _levels[level] = new StageQueries(levels[level], ordered, norms, width);
            if (level == 0 && finest >= 0)
            {
                Groups = new QueryGroups(levels[level], _levels[level], ordered, norms, width, rowError);
            }
        }
    }

    public int Count => _queries.Count;

    /// <summary>Gets the queries in a panel.</summary>
    public int Width { get; }

    public int PanelCount { get; }

    /// <summary>Gets L(q) by position; padding lies below every threshold.</summary>
    public float[] Levels { get; }

    /// <summary>Gets the panels as groups; null if there are no short views.</summary>
    public QueryGroups? Groups { get; }

    public StageQueries this[int level] => _levels[level];

    /// <summary>Gets the queries themselves.</summary>
    public EmbeddingMatrix Embeddings => _queries;

    /// <summary>Returns the queries of a panel, in its order.</summary>
    public ReadOnlySpan<int> QueriesOf(int panel) =>
        _order.AsSpan(panel * Width, Math.Min(Width, _order.Length - (panel * Width)));

    /// <summary>Reads the limits of a panel's queries from the sink.</summary>
    public void UpdateLevels(int panel, IPairSink sink)
    {
        int first = panel * Width;
        Span<double> limits = stackalloc double[Math.Min(_order.Length - first, Width)];
        for (int i = 0; i < limits.Length; i++)
        {
            int query = _order[first + i];
            limits[i] = sink.Limit(query);
            Levels[first + i] = Level(_normsSquared[query], limits[i]);
        }

        Groups?.Update(panel, first, limits);
    }

    /// <summary>
    /// Returns the threshold L of a limit D on the squared distance, (D − ‖q‖²)/2, raised by the largest error of its
    /// own roundings.
    /// </summary>
    public static float Level(double normSquared, double limit)
    {
        double level = (limit - normSquared) / 2;
        level += (4 * CandidateScan.UnitRoundoff * Math.Abs(level)) + ((limit + normSquared) / (1L << 40));
        return CandidateScan.RoundUp(level);
    }

    private static EmbeddingMatrix View(ScanStage level, EmbeddingMatrix queries)
    {
        if (level.Axes is not { } axes)
        {
            return queries;
        }

        float[] views = new float[queries.Count * level.Dimension];
        float[] coordinates = new float[level.AxisCount];
        for (int q = 0; q < queries.Count; q++)
        {
            for (int a = 0; a < coordinates.Length; a++)
            {
                coordinates[a] = PrincipalAxes.Dot(queries[q], axes[a]);
            }

            level.Complete(
                coordinates,
                DistanceKernels.NormSquared(queries[q]),
                views.AsSpan(q * level.Dimension, level.Dimension)
            );
        }

        return new EmbeddingMatrix(views, level.Dimension);
    }
}
