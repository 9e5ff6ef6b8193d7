namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The distribution of hashed words and word pairs over 10,000 buckets, smoothed: p_b = (c_b / Σ c + 10⁻⁸) / (1 +
/// 10⁻⁴).
/// </summary>
/// <remarks>
/// Without any n-gram all buckets are equally likely. Counts are whole numbers, so the order of texts does not matter.
/// </remarks>
internal sealed class NgramDistribution
{
    private const double Smoothing = 1e-8;

    private readonly long[] _counts = new long[HashedNgrams.BucketCount];

    /// <summary>Gets the n-grams counted.</summary>
    public long Total { get; private set; }

    /// <summary>Adds the n-grams of a text.</summary>
    public void Add(ReadOnlySpan<(int Bucket, int Count)> ngrams)
    {
        foreach ((int bucket, int count) in ngrams)
        {
            _counts[bucket] += count;
            Total += count;
        }
    }

    /// <summary>Adds the counts of another distribution.</summary>
    public void Add(NgramDistribution other)
    {
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Total += other.Total;
    }

    /// <summary>Returns ln p_b of every bucket.</summary>
    public double[] Logarithms() => Array.ConvertAll(_counts, count => Math.Log(Probability(count)));

    /// <summary>Returns KL(this ‖ other) = Σ p ln(p / q), in nats: from 0 to ln 10⁸.</summary>
    public double DivergenceTo(NgramDistribution other)
    {
        double sum = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            double p = Probability(_counts[bucket]);
            sum += p * Math.Log(p / other.Probability(other._counts[bucket]));
        }

        return Math.Max(0, sum);
    }

    /// <summary>
    /// Returns KL(targets ‖ pool) − KL(targets ‖ selection), in nats: how much nearer the selection is than the pool.
    /// Larger is better; 0 for the pool itself.
    /// </summary>
    /// <seealso href="https://arxiv.org/abs/2302.03169">Xie et al. 2023, section 4</seealso>
    public static double Reduction(NgramDistribution targets, NgramDistribution pool, NgramDistribution selection) =>
        targets.DivergenceTo(pool) - targets.DivergenceTo(selection);

    private double Probability(long count) =>
        ((Total > 0 ? (double)count / Total : 1.0 / HashedNgrams.BucketCount) + Smoothing)
        / (1 + (Smoothing * HashedNgrams.BucketCount));
}
