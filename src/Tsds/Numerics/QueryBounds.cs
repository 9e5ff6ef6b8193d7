namespace Tsds.Numerics;

/// <summary>The queries' side of the test of <see cref="CandidateScan"/>: e(q), and L(q) for a limit.</summary>
internal sealed class QueryBounds
{
    private readonly double[] _normsSquared;

    public QueryBounds(EmbeddingMatrix queries)
    {
        _normsSquared = new double[queries.Count];
        ProductErrors = new float[queries.Count];
        double terms = queries.Dimension + 8;
        double gamma = terms * CandidateScan.UnitRoundoff / (1 - (terms * CandidateScan.UnitRoundoff));
        for (int q = 0; q < queries.Count; q++)
        {
            _normsSquared[q] = DistanceKernels.NormSquared(queries[q]);
            ProductErrors[q] = CandidateScan.RoundUp(gamma * Math.Sqrt(_normsSquared[q]) * (1 + (8 * CandidateScan.UnitRoundoff)));
        }
    }

    /// <summary>Gets e(q).</summary>
    public float[] ProductErrors { get; }

    /// <summary>L(q) for a limit D.</summary>
    public float Level(int query, double limit)
    {
        double normSquared = _normsSquared[query];
        double level = (limit - normSquared) / 2;
        level += (4 * CandidateScan.UnitRoundoff * Math.Abs(level)) + ((limit + normSquared) / (1L << 40));
        return CandidateScan.RoundUp(level);
    }
}
