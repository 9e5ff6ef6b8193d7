using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// Spherical k-means: clusters unit vectors by the cosine to their centroid, in passes over the pool.
/// </summary>
/// <remarks>
/// Starts from k random rows, by seed. In each of at most 20 passes every row goes to the centroid with the largest
/// cosine, ties to the first, and centroids become the normalized sums of their rows, in double and ascending by id; a
/// cluster without rows keeps its centroid. Ends early when no row moves. Memory: 20 bytes a row.
/// </remarks>
/// <seealso href="https://doi.org/10.1023/A:1007612920971">Dhillon, Modha 2001, Concept decompositions for large sparse
/// text data using clustering</seealso>
internal sealed class SphericalKMeans
{
    private const int RowsPerCluster = 1000;
    private const int MostPasses = 20;
    private const int LargestOnStack = 1024;

    private SphericalKMeans(long[] ids)
    {
        Ids = ids;
        Clusters = new int[ids.Length];
        Similarities = new double[ids.Length];
        Array.Fill(Clusters, -1);
    }

    /// <summary>Gets the ids of the rows, ascending.</summary>
    public long[] Ids { get; }

    /// <summary>Gets the cluster of each row.</summary>
    public int[] Clusters { get; }

    /// <summary>Gets the cosine of each row to the centroid of its cluster.</summary>
    public double[] Similarities { get; }

    /// <summary>Gets the number of clusters, one for each 1,000 rows.</summary>
    public int ClusterCount { get; private init; }

    public static long EstimateMemory(long poolRows, int dimension) =>
        CandidateScoring.EstimateMemory(dimension) + (20 * poolRows) + (poolRows / RowsPerCluster * 12 * dimension);

    public static async Task<SphericalKMeans> FitAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        long[] ids = [.. inputs.EnumerateIds()];
        SphericalKMeans result = new(ids)
        {
            ClusterCount = Math.Max(1, (int)Math.Round(ids.Length / (double)RowsPerCluster)),
        };
        SmallestHashes first = new(result.ClusterCount, inputs.Seed);
        foreach (long id in ids)
        {
            first.Add(id);
        }

        EmbeddingMatrix centroids = await inputs
            .Pool.ReadEmbeddingsAsync(first.ToArray(), cancellationToken)
            .ConfigureAwait(false);
        for (int pass = 0; pass < MostPasses; pass++)
        {
            double[] sums = new double[result.ClusterCount * centroids.Dimension];
            bool hasMoved = await result
                .AssignAsync(inputs, centroids, sums, progress, cancellationToken)
                .ConfigureAwait(false);
            if (!hasMoved)
            {
                break;
            }

            centroids = Normalize(sums, centroids);
        }

        return result;
    }

    /// <summary>
    /// Assigns every row to its nearest centroid and sums the rows of each; returns whether any assignment changed.
    /// </summary>
    private async Task<bool> AssignAsync(
        MethodInputs inputs,
        EmbeddingMatrix centroids,
        double[] sums,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        int done = 0;
        bool hasMoved = false;
        await CandidateScoring
            .ScanAsync(
                inputs,
                (ids, rows) =>
                {
                    int start = done;
                    int[] before = Clusters[start..(start + rows.Count)];
                    CandidateScoring.ForEachRow(
                        inputs,
                        rows,
                        row => (Clusters[start + row], Similarities[start + row]) = Nearest(rows[row], centroids)
                    );
                    for (int row = 0; row < rows.Count; row++)
                    {
                        int cluster = Clusters[start + row];
                        hasMoved |= cluster != before[row];
                        Span<double> sum = sums.AsSpan(cluster * rows.Dimension, rows.Dimension);
                        ReadOnlySpan<float> values = rows[row];
                        for (int p = 0; p < values.Length; p++)
                        {
                            sum[p] += values[p];
                        }
                    }

                    done += rows.Count;
                },
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        return hasMoved;
    }

    private static (int Cluster, double Similarity) Nearest(ReadOnlySpan<float> row, EmbeddingMatrix centroids)
    {
        Span<double> similarities =
            centroids.Count <= LargestOnStack ? stackalloc double[centroids.Count] : new double[centroids.Count];
        Similarity.Compute(row, centroids, similarities);
        int nearest = 0;
        for (int cluster = 1; cluster < similarities.Length; cluster++)
        {
            nearest = similarities[cluster] > similarities[nearest] ? cluster : nearest;
        }

        return (nearest, similarities[nearest]);
    }

    private static EmbeddingMatrix Normalize(double[] sums, EmbeddingMatrix before)
    {
        float[] values = before.Values.ToArray();
        for (int cluster = 0; cluster < before.Count; cluster++)
        {
            Span<double> sum = sums.AsSpan(cluster * before.Dimension, before.Dimension);
            double squares = 0;
            foreach (double value in sum)
            {
                squares += value * value;
            }

            // Without rows, or with rows that cancel each other out, there is no direction.
            for (int p = 0; p < sum.Length && squares > 0; p++)
            {
                values[(cluster * sum.Length) + p] = (float)(sum[p] / Math.Sqrt(squares));
            }
        }

        return new EmbeddingMatrix(values, before.Dimension);
    }
}
