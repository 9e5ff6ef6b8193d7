using Tsds.Evaluation.Metrics;
using Tsds.Sampling;

namespace Tsds.Evaluation.Protocol;

/// <summary>The held-out targets of a fold, and the resamples of them on which intervals rest.</summary>
/// <remarks>
/// A resample draws as many groups as there are, with replacement; its weights say how often each target came, times
/// what it weighs. Number 0 is not a resample: it is the targets as they are. Numbers come from the seed and the
/// resample alone, so all methods meet the same resamples.
/// </remarks>
internal sealed class HeldOutTargets
{
    private const ulong FirstStream = 1UL << 32;

    private readonly double[][] _weights;
    private readonly Lazy<DistanceMatrix> _within;

    /// <param name="rows">The targets.</param>
    /// <param name="groups">The group of each.</param>
    /// <param name="shares">What each weighs.</param>
    /// <param name="resampleCount">How many resamples.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="threadCount">Threads.</param>
    public HeldOutTargets(
        RowSet rows,
        IReadOnlyList<string> groups,
        double[] shares,
        int resampleCount,
        ulong seed,
        int threadCount
    )
    {
        Rows = rows;
        _within = new Lazy<DistanceMatrix>(() => DistanceMatrix.Between(rows.Vectors, rows.Vectors, threadCount));
        int[][] members =
        [
            .. Enumerable
                .Range(0, groups.Count)
                .GroupBy(target => groups[target], StringComparer.Ordinal)
                .Select(group => group.ToArray()),
        ];
        _weights = new double[resampleCount + 1][];
        _weights[0] = Normalize(shares);
        for (int resample = 1; resample <= resampleCount; resample++)
        {
            _weights[resample] = Draw(members, shares, new CounterRandom(seed, FirstStream + (ulong)resample));
        }
    }

    public RowSet Rows { get; }

    public int Count => Rows.Vectors.Count;

    public int ResampleCount => _weights.Length - 1;

    /// <summary>Gets the distances among the targets.</summary>
    public DistanceMatrix Within => _within.Value;

    /// <summary>Returns the weights of the targets under a resample, summing to 1.</summary>
    public double[] WeightsOf(int resample) => _weights[resample];

    private static double[] Draw(int[][] members, double[] shares, CounterRandom random)
    {
        double[] weights = new double[shares.Length];
        for (int i = 0; i < members.Length; i++)
        {
            foreach (int target in members[(int)(random.Uniform((ulong)i) * members.Length)])
            {
                weights[target] += shares[target];
            }
        }

        return Normalize(weights);
    }

    private static double[] Normalize(double[] weights)
    {
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
