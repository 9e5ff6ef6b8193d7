using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Explore;

/// <summary>Represents densities that a selection was made with and its files tell.</summary>
/// <param name="Bandwidth">The bandwidth that they were taken with.</param>
/// <param name="Rows">The rows, ascending.</param>
/// <param name="Densities">The density of each.</param>
internal sealed record KnownDensities(double Bandwidth, long[] Rows, double[] Densities)
{
    /// <summary>Finds the densities by the points that they are of.</summary>
    /// <param name="pool">The pool, as the selection saw it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The densities by <see cref="CachedPool.KeysOf"/>.</returns>
    public async Task<Dictionary<UInt128, double>> FindAsync(ICandidatePool pool, CancellationToken cancellationToken)
    {
        EmbeddingMatrix points = await pool.ReadEmbeddingsAsync(Rows, cancellationToken).ConfigureAwait(false);
        UInt128[] keys = CachedPool.KeysOf(points);
        Dictionary<UInt128, double> found = [];
        for (int row = 0; row < keys.Length; row++)
        {
            found[keys[row]] = Densities[row];
        }

        return found;
    }
}
