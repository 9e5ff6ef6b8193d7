namespace Tsds.Numerics;

/// <summary>
/// The panels of a scan, each as one ball around the mean of its queries in the shortest view. A candidate outside the
/// ball, widened by the limit, is near none of them.
/// </summary>
/// <remarks>
/// Let x', q' be short views and c the mean of a panel's q'. A pair within D has ‖x' − q'‖² ≤ D + 8δ((‖q‖ + √D)² +
/// ‖q‖²), where δ bounds what coordinates may be off (<see cref="PrincipalAxes.CoordinateError"/>): views do not move
/// vectors apart, the residual is raised by no more than that, and ‖x‖ ≤ ‖q‖ + √D. So ‖x' − c‖ is at most the root of
/// this, plus the error of x' where rows are quantized, plus ‖q' − c‖; the largest over the panel's queries is the
/// radius that c is compared with.
/// </remarks>
internal sealed class QueryGroups
{
    private readonly double[] _distances;
    private readonly double[] _norms;
    private readonly double[] _centerNormsSquared;
    private readonly int[][] _panels;
    private readonly double _coordinateError;
    private readonly double _rowError;

    /// <summary>Initializes the groups of the queries' panels.</summary>
    /// <param name="level">The stage of the views.</param>
    /// <param name="queries">The queries at that stage.</param>
    /// <param name="views">Views of the queries, in packing order.</param>
    /// <param name="norms">Norms of the queries, in packing order.</param>
    /// <param name="width">Queries in a panel, and panels in a group of them.</param>
    /// <param name="rowError">The most by which a candidate is known inexactly, relative to its norm.</param>
    public QueryGroups(
        ScanStage level,
        StageQueries queries,
        EmbeddingMatrix views,
        double[] norms,
        int width,
        double rowError
    )
    {
        _norms = norms;
        _coordinateError = level.CoordinateError;
        _rowError = rowError;
        _distances = new double[views.Count];
        int count = (views.Count + width - 1) / width;
        PanelCount = (count + width - 1) / width;
        Levels = new float[PanelCount * width];
        Array.Fill(Levels, float.NegativeInfinity);
        _centerNormsSquared = new double[count];
        float[] centers = new float[count * level.Dimension];
        for (int group = 0; group < count; group++)
        {
            int first = group * width;
            int end = Math.Min(views.Count, first + width);
            Span<float> center = centers.AsSpan(group * level.Dimension, level.Dimension);
            for (int q = first; q < end; q++)
            {
                for (int i = 0; i < center.Length; i++)
                {
                    center[i] += views[q][i] / (end - first);
                }
            }

            _centerNormsSquared[group] = DistanceKernels.NormSquared(center);
            for (int q = first; q < end; q++)
            {
                _distances[q] = Math.Sqrt(DistanceKernels.DistanceSquared(views[q], center));
            }
        }

        _panels = queries.Pack(new EmbeddingMatrix(centers, level.Dimension));
    }

    /// <summary>Gets the panels of centers.</summary>
    public int PanelCount { get; }

    /// <summary>Gets L(c) of each center; padding lies below every threshold.</summary>
    public float[] Levels { get; }

    /// <summary>Gets a panel of centers, as <see cref="StageQueries.Panel"/>.</summary>
    public ReadOnlySpan<int> Panel(int panel) => _panels[panel];

    /// <summary>Computes the threshold of a group from the limits of its queries.</summary>
    /// <param name="group">The group: the index of its panel.</param>
    /// <param name="first">The position of its first query.</param>
    /// <param name="limits">Squared distances.</param>
    public void Update(int group, int first, ReadOnlySpan<double> limits)
    {
        double radius = 0;
        for (int i = 0; i < limits.Length; i++)
        {
            double norm = _norms[first + i];
            double reach = norm + Math.Sqrt(limits[i]);
            double slack = 8 * _coordinateError * ((reach * reach) + (norm * norm));
            radius = Math.Max(radius, Math.Sqrt(limits[i] + slack) + (_rowError * reach) + _distances[first + i]);
        }

        Levels[group] = ScanQueries.Level(_centerNormsSquared[group], radius * radius * (1 + (1.0 / (1L << 40))));
    }
}
