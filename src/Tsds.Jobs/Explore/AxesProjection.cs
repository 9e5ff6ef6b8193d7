using Tsds.Evaluation.Metrics;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Explore;

/// <summary>Projects a pool and its targets onto their two principal axes.</summary>
internal static class AxesProjection
{
    /// <summary>The name of the map.</summary>
    public const string Name = "axes";

    private const string Version = "tsds axes 1";
    private const int SampleRows = 4_096;
    private const int MostValues = 4_000_000;
    private const int RowsAtOnce = 4_096;
    private const ulong SampleStream = 4;

    /// <summary>Reads the map of a selection, or makes it.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<Projection> ReadOrCreateAsync(
        SelectionExplorer explorer,
        CancellationToken cancellationToken
    )
    {
        ProjectionFile file = new(explorer, Name, Version);
        if (file.TryRead() is { } kept)
        {
            return kept;
        }

        Projection map = await CreateAsync(
                explorer.Inputs.Pool.Pool,
                explorer.Inputs.Targets.Embeddings,
                explorer.Context.Options.ThreadCount,
                cancellationToken
            )
            .ConfigureAwait(false);
        file.Write(map);
        return map;
    }

    /// <summary>Projects rows and targets.</summary>
    /// <param name="pool">The pool, whose ids run from 0 on without a gap.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="threadCount">The number of threads.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The map, the same on any number of threads.</returns>
    public static async Task<Projection> CreateAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        int threadCount,
        CancellationToken cancellationToken
    )
    {
        int most = Math.Clamp(MostValues / pool.Dimension, 2, SampleRows);
        long[] sampled = HashSample.OfRange(pool.Count, most, SampleStream);
        EmbeddingMatrix sample = await pool.ReadEmbeddingsAsync(sampled, cancellationToken).ConfigureAwait(false);
        int[] some = [.. Enumerable.Range(0, Math.Min(targets.Count, most))];
        PrincipalPlane plane = PrincipalPlane.Fit(sample, targets.Gather(some));
        int count = checked((int)pool.Count);
        float[] xs = new float[count + targets.Count];
        float[] ys = new float[xs.Length];
        for (int target = 0; target < targets.Count; target++)
        {
            (double x, double y) = plane.Project(targets[target]);
            (xs[count + target], ys[count + target]) = ((float)x, (float)y);
        }

        await Parallel
            .ForAsync(
                0,
                (count + RowsAtOnce - 1) / RowsAtOnce,
                new ParallelOptions { MaxDegreeOfParallelism = threadCount, CancellationToken = cancellationToken },
                async (block, token) =>
                {
                    int first = block * RowsAtOnce;
                    long[] ids =
                    [
                        .. Enumerable.Range(first, Math.Min(RowsAtOnce, count - first)).Select(row => (long)row),
                    ];
                    EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(ids, token).ConfigureAwait(false);
                    for (int i = 0; i < ids.Length; i++)
                    {
                        (double x, double y) = plane.Project(rows[i]);
                        (xs[first + i], ys[first + i]) = ((float)x, (float)y);
                    }
                }
            )
            .ConfigureAwait(false);
        return Projection.Fit(Name, xs, ys);
    }
}
