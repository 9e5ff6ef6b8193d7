namespace Tsds.Numerics;

/// <summary>Queries packed once for the blocked kernel: panels of 3 registers, depth-major, padded with zero queries.</summary>
internal sealed class PackedQueries
{
    private readonly float[][] _panels;

    public PackedQueries(EmbeddingMatrix queries, int width)
    {
        Queries = queries;
        Width = width;
        _panels = new float[(queries.Count + width - 1) / width][];
        for (int panel = 0; panel < _panels.Length; panel++)
        {
            float[] packed = new float[queries.Dimension * width];
            int first = panel * width;
            for (int lane = 0; lane < Math.Min(width, queries.Count - first); lane++)
            {
                ReadOnlySpan<float> query = queries[first + lane];
                for (int p = 0; p < query.Length; p++)
                {
                    packed[(p * width) + lane] = query[p];
                }
            }

            _panels[panel] = packed;
        }
    }

    public EmbeddingMatrix Queries { get; }

    /// <summary>Gets the queries in a panel.</summary>
    public int Width { get; }

    public int PanelCount => _panels.Length;

    /// <summary>Gets a panel, shape [dimension, width].</summary>
    public ReadOnlySpan<float> Panel(int panel) => _panels[panel];
}
