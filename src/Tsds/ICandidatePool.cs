using Tsds.Pools;

namespace Tsds;

/// <summary>
/// The candidates to choose from. This interface is the only one between the algorithm and the place where vectors are
/// stored.
/// </summary>
/// <remarks>
/// Memory, mapped files, shards and clusters are the same thing to everything above this interface. Implementations
/// return the same values for any number of threads and any split into shards.
/// </remarks>
public interface ICandidatePool
{
    /// <summary>Gets the number of candidates, N.</summary>
    long Count { get; }

    /// <summary>Gets the length of each embedding.</summary>
    int Dimension { get; }

    /// <summary>Gets the normalization of each embedding. Targets must be normalized alike.</summary>
    Normalization Normalization { get; }

    /// <summary>Gets the id of a candidate by its place among those that are there.</summary>
    /// <param name="position">From 0 to <see cref="Count"/> − 1.</param>
    /// <returns>The position itself, unless candidates are hidden.</returns>
    long IdAt(long position) => position;

    /// <summary>
    /// Gets the pool that centering and relevance are taken from: this one, unless candidates were taken out of it that
    /// still belong to it.
    /// </summary>
    ICandidatePool Reference => this;

    /// <summary>Returns the same candidates as seen through a view.</summary>
    /// <remarks>
    /// Searches are by the distances of the view, costs included; embeddings that are read are centered; densities are
    /// those of the centered embeddings and know no costs. The view takes the place of one that the pool had before.
    /// What an implementation inherits here is right but slow: it reads every embedding to search it. One that holds
    /// its rows, or knows who does, hands the view on to them.
    /// </remarks>
    /// <param name="view">The view, of this pool's dimension.</param>
    /// <returns>A pool of the same ids, valid as long as this one; nothing to dispose.</returns>
    /// <exception cref="ArgumentException">The view is not one of such embeddings.</exception>
    ICandidatePool WithView(PoolView view) => new ReadPool(this, view);

    /// <summary>
    /// Finds the exact <paramref name="k"/> nearest candidates of each target in one pass over the pool.
    /// </summary>
    /// <param name="targets">Shape [targets, dimension], in the same space as the pool's embeddings.</param>
    /// <param name="k">How many neighbors to return for each target, from 1 to <see cref="Count"/>.</param>
    /// <param name="progress">Receives the number of candidates scanned so far; may be null.</param>
    /// <param name="cancellationToken">Stops the pass; checked once per block of candidates.</param>
    /// <returns>Shape [targets, k], ascending by distance, ties by candidate id.</returns>
    /// <exception cref="ArgumentException">The dimensions differ, or <paramref name="k"/> is out of range.</exception>
    /// <exception cref="InvalidDataException">An embedding of the pool is not usable; the message names file and
    /// row.</exception>
    ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Reads the embeddings of some candidates, normalized as the pool is.</summary>
    /// <param name="candidateIds">Ids from 0 to <see cref="Count"/> − 1, in any order.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Shape [candidateIds, dimension].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not smaller than
    /// <see cref="Count"/>.</exception>
    ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    );

    /// <summary>Reads keys of the embeddings of consecutive candidates, by which equal ones are found.</summary>
    /// <remarks>
    /// What an implementation inherits reads the embeddings. One that would have to send them sends their keys.
    /// </remarks>
    /// <param name="firstId">The id of the first candidate.</param>
    /// <param name="count">How many candidates, ids that are hidden among them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// The same key for the same embedding, and hardly ever for two; views change no key that they need not. Whoever
    /// acts on equal keys compares the embeddings.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or too large.</exception>
    ValueTask<UInt128[]> ReadKeysAsync(long firstId, int count, CancellationToken cancellationToken = default) =>
        EmbeddingKeys.ReadAsync(this, firstId, count, cancellationToken);

    /// <summary>
    /// Estimates the kernel density of points: ρ(x) = Σ max(0, 1 − ‖x − x'‖²/σ²), x' in the population.
    /// </summary>
    /// <param name="points">Shape [points, dimension]. A point that is itself a candidate counts 1 for itself.</param>
    /// <param name="bandwidth">σ, in the unit of the embedding distance; positive and finite.</param>
    /// <param name="population">Ids of the candidates to sum over, ascending, none twice; null for the whole
    /// pool.</param>
    /// <param name="progress">Receives the number of candidates scanned so far; may be null.</param>
    /// <param name="cancellationToken">Stops the pass; checked once per block of candidates.</param>
    /// <returns>
    /// One density per point. Each term is rounded to a multiple of 2⁻³², so partial sums of shards add up to the same
    /// value in any order while a density stays below 2²¹.
    /// </returns>
    /// <exception cref="ArgumentException">The dimensions differ, the bandwidth is not positive and finite, or the
    /// population is not made of ascending ids.</exception>
    /// <exception cref="InvalidDataException">An embedding of the pool is not usable; the message names file and
    /// row.</exception>
    ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    );
}
