using Tsds.Evaluation.Metrics;
using Tsds.Evaluation.Protocol;

namespace Tsds.Evaluation.Maps;

/// <summary>
/// Maps a pool and its targets into a plane in which neighbors stay near: landmarks by the objective of UMAP over their
/// exact neighbors, all other rows by their exact neighbors among the landmarks.
/// </summary>
/// <remarks>
/// The same input gives the same places, on any number of threads. Time: the rows of the pool times at most 12,288
/// landmarks, a product of embeddings each. Memory: the embeddings of the landmarks, about 500 bytes for each of them,
/// and 16 bytes for each row.
/// </remarks>
internal static class NeighborEmbedding
{
    /// <summary>
    /// The landmarks that a map has at least, if there are as many rows; more where more rows must be.
    /// </summary>
    public const int LandmarkCount = 12_288;

    private const int Neighbors = 15;
    private const int PlacingNeighbors = 8;
    private const int RowsAtOnce = 8_192;
    private const int PlaneRows = 4_096;
    private const double Spread = 10;
    private const int ManyLandmarks = 10_000;
    private const ulong LandmarkStream = 43;
    private const ulong PlacingStream = 44;

    /// <summary>Maps a pool.</summary>
    /// <param name="pool">The pool as it is seen; its ids run from 0 on without a gap.</param>
    /// <param name="targets">The targets, seen alike.</param>
    /// <param name="needed">Rows that must be landmarks.</param>
    /// <param name="threadCount">The number of threads.</param>
    /// <param name="progress">Receives what is being done, and the share of it; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>x and y of each row in turn, then of each target.</returns>
    public static async Task<float[]> CreateAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        IEnumerable<long> needed,
        int threadCount,
        IProgress<(string Stage, double Share)>? progress,
        CancellationToken cancellationToken
    )
    {
        int rows = checked((int)pool.Count);
        int[] landmarks = ChooseLandmarks(rows, targets.Count, needed);
        EmbeddingMatrix embeddings = await ReadAsync(pool, targets, landmarks, cancellationToken).ConfigureAwait(false);
        double[] places = await LayOutAsync(embeddings, threadCount, progress, cancellationToken).ConfigureAwait(false);
        float[] all = new float[2 * (rows + targets.Count)];
        bool[] isPlaced = new bool[rows];
        for (int i = 0; i < landmarks.Length; i++)
        {
            all[2 * landmarks[i]] = (float)places[2 * i];
            all[(2 * landmarks[i]) + 1] = (float)places[(2 * i) + 1];
            if (landmarks[i] < rows)
            {
                isPlaced[landmarks[i]] = true;
            }
        }

        long[] others = [.. Enumerable.Range(0, rows).Where(row => !isPlaced[row]).Select(row => (long)row)];
        if (others.Length == 0)
        {
            return all;
        }

        // Beyond so many landmarks the place of another row is known well enough from some of them.
        int[] among =
            landmarks.Length <= LandmarkCount
                ? [.. Enumerable.Range(0, landmarks.Length)]
                : [.. HashSample.OfRange(landmarks.Length, LandmarkCount, PlacingStream).Select(place => (int)place)];
        CandidatePoolOptions asTheyAre = new() { Normalization = Normalization.None, ThreadCount = threadCount };
        using CandidatePool near = CandidatePool.FromEmbeddings(
            among.Length == landmarks.Length ? embeddings : embeddings.Gather(among),
            asTheyAre
        );
        PointPlacement placement = new(places, among);
        int done = 0;
        foreach (long[] block in others.Chunk(RowsAtOnce))
        {
            EmbeddingMatrix queries = await pool.ReadEmbeddingsAsync(block, cancellationToken).ConfigureAwait(false);
            int k = (int)Math.Min(PlacingNeighbors, near.Count);
            NeighborTable table = await near.FindNearestAsync(queries, k, null, cancellationToken)
                .ConfigureAwait(false);
            Parallel.For(
                0,
                block.Length,
                new ParallelOptions { MaxDegreeOfParallelism = threadCount },
                i =>
                {
                    (double x, double y) = placement.Place(block[i], table.CandidateIds(i), table.DistancesSquared(i));
                    all[2 * block[i]] = (float)x;
                    all[(2 * block[i]) + 1] = (float)y;
                }
            );
            done += block.Length;
            progress?.Report(("placing", (double)done / others.Length));
        }

        return all;
    }

    /// <summary>
    /// Returns the points that are laid out: all targets, the rows that must be, and others at random.
    /// </summary>
    internal static int[] ChooseLandmarks(int rows, int targets, IEnumerable<long> needed)
    {
        HashSet<int> chosen = [.. needed.Select(row => (int)row)];
        foreach (long row in HashSample.OfRange(rows, Math.Min(rows, LandmarkCount), LandmarkStream))
        {
            if (chosen.Count + targets >= LandmarkCount)
            {
                break;
            }

            chosen.Add((int)row);
        }

        return [.. chosen.Order(), .. Enumerable.Range(rows, targets)];
    }

    private static async Task<EmbeddingMatrix> ReadAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        int[] landmarks,
        CancellationToken cancellationToken
    )
    {
        long[] rows = [.. landmarks.Where(point => point < pool.Count).Select(point => (long)point)];
        EmbeddingMatrix read = await pool.ReadEmbeddingsAsync(rows, cancellationToken).ConfigureAwait(false);
        float[] values = new float[checked((rows.Length + targets.Count) * pool.Dimension)];
        read.Values.CopyTo(values);
        targets.Values.CopyTo(values.AsMemory(read.Values.Length));
        return new EmbeddingMatrix(values, pool.Dimension);
    }

    private static async Task<double[]> LayOutAsync(
        EmbeddingMatrix points,
        int threadCount,
        IProgress<(string Stage, double Share)>? progress,
        CancellationToken cancellationToken
    )
    {
        double[] places = Start(points);
        if (points.Count < 3)
        {
            return places;
        }

        CandidatePoolOptions asTheyAre = new() { Normalization = Normalization.None, ThreadCount = threadCount };
        using CandidatePool pool = CandidatePool.FromEmbeddings(points, asTheyAre);
        int k = Math.Min(Neighbors + 1, points.Count);
        NeighborTable merged = await FindAsync(pool, points, k, progress, cancellationToken).ConfigureAwait(false);
        NeighborGraph graph = NeighborGraph.Join(merged);
        GraphLayout.Run(
            graph,
            places,
            points.Count > ManyLandmarks ? 200 : 400,
            share => progress?.Report(("layout", share)),
            cancellationToken
        );
        return places;
    }

    private static async Task<NeighborTable> FindAsync(
        CandidatePool pool,
        EmbeddingMatrix points,
        int k,
        IProgress<(string Stage, double Share)>? progress,
        CancellationToken cancellationToken
    )
    {
        long[] ids = new long[points.Count * k];
        double[] squares = new double[ids.Length];
        foreach (int[] block in Enumerable.Range(0, points.Count).Chunk(RowsAtOnce))
        {
            NeighborTable table = await pool.FindNearestAsync(points.Gather(block), k, null, cancellationToken)
                .ConfigureAwait(false);
            for (int i = 0; i < block.Length; i++)
            {
                table.CandidateIds(i).CopyTo(ids.AsSpan(block[i] * k));
                table.DistancesSquared(i).CopyTo(squares.AsSpan(block[i] * k));
            }

            progress?.Report(("neighbors", (double)(block[^1] + 1) / points.Count));
        }

        return new NeighborTable(points.Count, k, ids, squares);
    }

    /// <summary>Returns where points start: on the principal axes, those that are the same a little apart.</summary>
    private static double[] Start(EmbeddingMatrix points)
    {
        int[] sampled =
        [
            .. HashSample
                .OfRange(points.Count, Math.Min(PlaneRows, points.Count), PlacingStream)
                .Select(point => (int)point),
        ];
        EmbeddingMatrix sample = points.Gather(sampled);
        PrincipalPlane plane = PrincipalPlane.Fit(sample, sample);
        double[] places = new double[2 * points.Count];
        double largest = 1e-30;
        for (int point = 0; point < points.Count; point++)
        {
            (places[2 * point], places[(2 * point) + 1]) = plane.Project(points[point]);
            largest = Math.Max(largest, Math.Max(Math.Abs(places[2 * point]), Math.Abs(places[(2 * point) + 1])));
        }

        Tsds.Sampling.CounterRandom random = new(0, LandmarkStream);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (places[i] / largest * Spread) + (1e-3 * (random.Uniform((ulong)i) - 0.5));
        }

        return places;
    }
}
