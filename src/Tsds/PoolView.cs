using Tsds.Numerics;
using Tsds.Pools;

namespace Tsds;

/// <summary>
/// A way to see candidates: centered at a point, and each with a cost that its squared distances are raised by. What a
/// task knows of a pool, in d + d + 1 numbers that travel to whoever holds rows.
/// </summary>
/// <remarks>
/// x' = (x − mean) / ‖x − mean‖, and d(q, x)² = ‖q − x'‖² + b(x') with b(x') = max(0, offset − direction·x'). Targets
/// are centered alike (<see cref="Apply(EmbeddingMatrix)"/>) and have no cost. Source: docs/method.md, section
/// "Relevance".
/// </remarks>
public sealed class PoolView
{
    /// <summary>‖x − mean‖ / ‖x‖ up to which a row lies on the mean: less is rounding of float32.</summary>
    private const double LeastDistance = 1e-6;

    private readonly double _directionNorm;

    /// <summary>Initializes a view.</summary>
    /// <param name="mean">The point that rows are centered at, length d; empty to leave them where they are.</param>
    /// <param name="direction">The direction along which costs fall, length d; empty for no costs.</param>
    /// <param name="offset">The cost of a row at direction·x' = 0, in squared units of distance.</param>
    /// <exception cref="ArgumentException">A number is NaN or infinite, or the lengths differ.</exception>
    public PoolView(ReadOnlyMemory<float> mean, ReadOnlyMemory<float> direction, double offset)
    {
        _directionNorm = Math.Sqrt(DistanceKernels.NormSquared(direction.Span));
        double meanNorm = Math.Sqrt(DistanceKernels.NormSquared(mean.Span));
        if (!double.IsFinite(_directionNorm) || !double.IsFinite(meanNorm) || !double.IsFinite(offset))
        {
            throw new ArgumentException("Expected finite numbers in a view of a pool, found NaN or infinity.");
        }

        if (!mean.IsEmpty && !direction.IsEmpty && mean.Length != direction.Length)
        {
            throw new ArgumentException(
                $"Expected a mean and a direction of one dimension, found {mean.Length} and {direction.Length}."
            );
        }

        Mean = mean;
        Direction = direction;
        Offset = offset;
    }

    /// <summary>Gets the point that rows are centered at, length d; empty where they are not.</summary>
    public ReadOnlyMemory<float> Mean { get; }

    /// <summary>Gets the direction along which costs fall, length d; empty where there are no costs.</summary>
    public ReadOnlyMemory<float> Direction { get; }

    /// <summary>Gets the cost of a row at direction·x' = 0.</summary>
    public double Offset { get; }

    /// <summary>Gets whether rows have costs.</summary>
    internal bool HasCosts => !Direction.IsEmpty;

    /// <summary>Centers rows as candidates are centered: x' of each x.</summary>
    /// <param name="rows">Shape [rows, d], of norm 1 where there is a mean.</param>
    /// <returns>
    /// The same shape, each row of norm 1, but zeros for one that lies on the mean and has no direction from it; the
    /// rows themselves where there is no mean.
    /// </returns>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public EmbeddingMatrix Apply(EmbeddingMatrix rows)
    {
        CheckFits(rows.Dimension, Normalization.L2);
        if (Mean.IsEmpty)
        {
            return rows;
        }

        float[] values = rows.Values.ToArray();
        for (int row = 0; row < rows.Count; row++)
        {
            Apply(values.AsSpan(row * rows.Dimension, rows.Dimension));
        }

        return new EmbeddingMatrix(values, rows.Dimension);
    }

    /// <summary>Returns b of a row: what its squared distances are raised by.</summary>
    /// <param name="row">x', a row as seen through this view.</param>
    /// <returns>max(0, offset − direction·x'), summed in double; 0 where there are no costs.</returns>
    public double CostOf(ReadOnlySpan<float> row) =>
        HasCosts ? Math.Max(0, Offset - DistanceKernels.Dot(Direction.Span, row)) : 0;

    /// <summary>A lower bound of the cost of a row of which int8 elements are known.</summary>
    /// <param name="elements">x̂.</param>
    /// <param name="scale">s.</param>
    /// <param name="error">At least ‖x' − s·x̂‖.</param>
    internal double LeastCostOf(ReadOnlySpan<sbyte> elements, float scale, double error)
    {
        if (!HasCosts)
        {
            return 0;
        }

        double product = scale * Int8Encoding.Dot(elements, Direction.Span, out double largest);

        // The product of float32 and int8 is exact in double; the sum is off by its terms' magnitude times d·2⁻⁵³.
        double slack = (_directionNorm * error) + (1e-11 * scale * largest);
        return Math.Max(0, (Offset - product - slack) * (1 - CandidateScan.UnitRoundoff));
    }

    /// <summary>Centers a row in place.</summary>
    internal void Apply(Span<float> row)
    {
        if (!Mean.IsEmpty)
        {
            RowNormalizer.Center(row, Mean.Span, LeastDistance);
        }
    }

    /// <summary>Checks that a view is one for rows of some kind.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    internal void CheckFits(int dimension, Normalization normalization)
    {
        int expected = Mean.IsEmpty ? Direction.Length : Mean.Length;
        if (expected > 0 && expected != dimension)
        {
            throw new ArgumentException($"Expected a view of dimension {dimension}, found one of {expected}.");
        }

        if (!Mean.IsEmpty && normalization != Normalization.L2)
        {
            throw new ArgumentException(
                "Expected embeddings of norm 1 to center, found a pool without normalization; use a view without "
                    + "mean, for which no distance would change, or normalize (l2)."
            );
        }
    }
}
