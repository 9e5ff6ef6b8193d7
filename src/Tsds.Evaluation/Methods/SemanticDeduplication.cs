using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Methods;

/// <summary>Ranks the rows of a pool by how little they repeat others of their cluster.</summary>
/// <remarks>
/// Within each cluster of <see cref="SphericalKMeans"/> rows are ordered by their cosine to the centroid, farthest
/// first ("keep hard"), ties by id. A row's score is 1 less its largest cosine to a row before it, from 0 for a copy to
/// 2; infinite for the first of a cluster. SemDeDup drops the rows whose score is below ε: keeping so many rows of the
/// highest score is SemDeDup with the ε that leaves so many.
/// </remarks>
internal static class SemanticDeduplication
{
    public static async Task<MethodResult> KeepAsync(
        MethodInputs inputs,
        long count,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        SphericalKMeans clustering = await inputs
            .FindOnceAsync(
                $"clusters by seed {inputs.Seed}",
                () => SphericalKMeans.FitAsync(inputs, progress, cancellationToken)
            )
            .ConfigureAwait(false);
        ILookup<int, int> clusters = Enumerable
            .Range(0, clustering.Ids.Length)
            .ToLookup(row => clustering.Clusters[row]);
        BestRows best = new(count);
        for (int cluster = 0; cluster < clustering.ClusterCount; cluster++)
        {
            long[] members =
            [
                .. clusters[cluster]
                    .OrderBy(row => clustering.Similarities[row])
                    .ThenBy(row => row)
                    .Select(row => clustering.Ids[row]),
            ];
            if (members.Length > 0)
            {
                await ScoreAsync(inputs, members, best, cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(new SelectionProgress(SelectionStage.Choosing, cluster + 1, clustering.ClusterCount));
        }

        return best.ToResult();
    }

    private static async Task ScoreAsync(
        MethodInputs inputs,
        long[] members,
        BestRows best,
        CancellationToken cancellationToken
    )
    {
        EmbeddingMatrix rows = await inputs.Pool.ReadEmbeddingsAsync(members, cancellationToken).ConfigureAwait(false);
        best.Add(members[0], double.PositiveInfinity);
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = inputs.ThreadCount,
            CancellationToken = cancellationToken,
        };
        Parallel.For(
            1,
            members.Length,
            parallel,
            row =>
            {
                EmbeddingMatrix before = new(rows.Values[..(row * rows.Dimension)], rows.Dimension);
                best.Add(members[row], 1 - Similarity.Largest(rows[row], before));
            }
        );
    }
}
