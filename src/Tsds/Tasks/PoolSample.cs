using Tsds.Sampling;

namespace Tsds.Tasks;

/// <summary>
/// A fixed sample of a pool's rows: one from each of equal stretches of row numbers, at a place in it that depends on
/// nothing but the number of rows.
/// </summary>
/// <remarks>
/// Whoever holds the rows, a pool of N candidates has the same sample. A place of its own in each stretch keeps sources
/// that alternate row by row from being sampled one alone. Near-copies share the weight of one row, so that a pool is
/// what it was however often a row of it is copied.
/// </remarks>
internal sealed class PoolSample
{
    /// <summary>
    /// Rows of a sample. The mean of so many is off by 1 % of the pool's spread, and directions beyond those that a
    /// covariance of so many rows can tell are held by the ridge. They take 4·8192·d bytes: 13 MB at d = 384.
    /// </summary>
    public const int Size = 8_192;

    /// <summary>
    /// Rows nearer to one another than this are near-copies, in units of the root of the sample's variance.
    /// </summary>
    private const double CopyDistance = 0.1;

    /// <summary>The stream of the places; those of the methods of sampling are below.</summary>
    private const ulong PlaceStream = 32;

    private PoolSample(EmbeddingMatrix rows, double[] weights)
    {
        Rows = rows;
        Weights = weights;
    }

    /// <summary>Gets the rows, shape [n, d].</summary>
    public EmbeddingMatrix Rows { get; }

    /// <summary>Gets the weight of each row; they sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>Reads the sample of a pool, all of it where it is small.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="threadCount">Threads; nothing else depends on them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask<PoolSample> ReadAsync(
        ICandidatePool pool,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        if (pool is ISampleMemory { Sample: { } known })
        {
            return known;
        }

        PoolSample sample = await ReadAnewAsync(pool, threadCount, cancellationToken).ConfigureAwait(false);
        if (pool is ISampleMemory memory)
        {
            memory.Sample = sample;
        }

        return sample;
    }

    private static async ValueTask<PoolSample> ReadAnewAsync(
        ICandidatePool pool,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(PlacesIn(pool), cancellationToken).ConfigureAwait(false);
        double[] weights = new double[rows.Count];
        Array.Fill(weights, 1.0 / weights.Length);
        double variance = new PoolMoments(new PoolSample(rows, weights), threadCount).Variance;
        if (variance > 0)
        {
            CandidatePoolOptions asTheyAre = new() { Normalization = Normalization.None, ThreadCount = threadCount };
            using CandidatePool sample = CandidatePool.FromEmbeddings(rows, asTheyAre);
            double[] densities = await sample
                .EstimateDensitiesAsync(rows, CopyDistance * Math.Sqrt(variance), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            double total = densities.Sum(density => 1 / density);
            weights = Array.ConvertAll(densities, density => 1 / density / total);
        }

        return new PoolSample(rows, weights);
    }

    /// <summary>The same rows as seen through a view.</summary>
    public PoolSample Through(PoolView view) => new(view.Apply(Rows), Weights);

    /// <summary>Returns the weighted mean of the rows.</summary>
    public double[] Mean() => WeightedSum(Rows, Weights);

    /// <summary>Adds up rows with weights, always in the same order.</summary>
    public static double[] WeightedSum(EmbeddingMatrix rows, double[] weights)
    {
        double[] sum = new double[rows.Dimension];
        for (int row = 0; row < rows.Count; row++)
        {
            SampleKernels.AddScaled(sum, rows[row], weights[row]);
        }

        return sum;
    }

    private static long[] PlacesIn(ICandidatePool pool)
    {
        CounterRandom random = new(0, PlaceStream);
        long[] ids = new long[Math.Min(Size, pool.Count)];
        for (int i = 0; i < ids.Length; i++)
        {
            long position = (long)((i + random.Uniform((ulong)i)) / ids.Length * pool.Count);
            ids[i] = pool.IdAt(pool.Count == ids.Length ? i : Math.Min(position, pool.Count - 1));
        }

        return ids;
    }
}
