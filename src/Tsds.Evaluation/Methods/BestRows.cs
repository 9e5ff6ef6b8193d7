using Tsds.Neighbors;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// Keeps the rows with the highest scores, whatever the order of arrival; of equal scores, the smaller id wins.
/// </summary>
/// <remarks>Memory: 32 bytes for each row to keep.</remarks>
internal sealed class BestRows
{
    private readonly int _count;
    private readonly TopK _nearest;

    public BestRows(long count)
    {
        _count = checked((int)count);
        _nearest = new TopK(_count, double.PositiveInfinity);
    }

    public static long EstimateMemory(long count) => 48 * count;

    /// <summary>Adds a row. May be called from several threads.</summary>
    /// <param name="candidateId">The row.</param>
    /// <param name="score">Its score; not NaN.</param>
    public void Add(long candidateId, double score)
    {
        // The higher the score, the nearer the row.
        if (-score <= _nearest.Limit)
        {
            _nearest.Add(new Neighbor(-score, candidateId));
        }
    }

    /// <summary>Returns the rows, best first. At least as many as are to be kept must have been added.</summary>
    public MethodResult ToResult()
    {
        long[] candidateIds = new long[_count];
        double[] scores = new double[_count];
        _nearest.MoveTo(candidateIds, scores);

        // 0 − s and not −s: a score of 0 stays without a sign.
        return new MethodResult(candidateIds, Array.ConvertAll(scores, negated => 0 - negated));
    }
}
