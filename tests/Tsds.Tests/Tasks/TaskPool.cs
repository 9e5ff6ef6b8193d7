using CsCheck;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Tasks;

/// <summary>
/// A pool of clusters, and targets that come from some of them: vectors among which there is a direction.
/// </summary>
internal sealed record TaskPool(EmbeddingMatrix Candidates, EmbeddingMatrix Targets)
{
    /// <summary>Small problems, ties and copies among them.</summary>
    public static Gen<TaskPool> Gen { get; } =
        from seed in CsCheck.Gen.Int[0, 1_000_000]
        from candidates in CsCheck.Gen.Int[2, 14]
        from targets in CsCheck.Gen.Int[1, 5]
        from dimension in CsCheck.Gen.Int[2, 12]
        from copies in CsCheck.Gen.Bool
        select Create(seed, candidates, targets, dimension, copies ? 2 : 1);

    /// <summary>Creates a problem: candidate j is of cluster j mod 4, targets of cluster 0.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="candidates">Candidates.</param>
    /// <param name="targets">Targets.</param>
    /// <param name="dimension">d.</param>
    /// <param name="copies">Of so many candidates in a row the first is repeated.</param>
    /// <param name="cluster">The cluster of the targets.</param>
    public static TaskPool Create(int seed, int candidates, int targets, int dimension, int copies = 1, int cluster = 0)
    {
        EmbeddingMatrix centers = Vectors.Create(17, 4, dimension, VectorKind.Spread);
        float[] pool = Around(
            centers,
            Vectors.Create(seed, candidates, dimension, VectorKind.Spread),
            j => j / copies % 4
        );
        for (int row = 0; row < candidates; row++)
        {
            int original = row - (row % copies);
            pool.AsSpan(original * dimension, dimension).CopyTo(pool.AsSpan(row * dimension));
        }

        return new TaskPool(
            new EmbeddingMatrix(pool, dimension),
            new EmbeddingMatrix(
                Around(centers, Vectors.Create(seed + 1, targets, dimension, VectorKind.Spread), _ => cluster),
                dimension
            )
        );
    }

    public CandidatePool Open(Normalization normalization = Normalization.L2, int threads = 1) =>
        CandidatePool.FromEmbeddings(
            Candidates,
            new CandidatePoolOptions { Normalization = normalization, ThreadCount = threads }
        );

    private static float[] Around(EmbeddingMatrix centers, EmbeddingMatrix noise, Func<int, int> clusterOf)
    {
        float[] values = new float[noise.Values.Length];
        for (int row = 0; row < noise.Count; row++)
        {
            for (int p = 0; p < noise.Dimension; p++)
            {
                values[(row * noise.Dimension) + p] = (0.8f * centers[clusterOf(row)][p]) + (0.6f * noise[row][p]);
            }
        }

        return values;
    }
}
