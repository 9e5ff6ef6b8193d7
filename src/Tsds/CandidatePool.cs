using Tsds.Density;
using Tsds.Neighbors;
using Tsds.Numerics;
using Tsds.Pools;

namespace Tsds;

/// <summary>A pool of candidates on this machine, in memory or in mapped files.</summary>
/// <remarks>
/// Each call streams the embeddings once. Memory beyond the mapped files does not depend on the number of candidates:
/// see <see cref="EstimateMemory"/>. Rows are checked whenever they are read.
/// </remarks>
public sealed class CandidatePool : ICandidatePool, IDisposable
{
    private readonly IVectorSource _store;
    private readonly NormalizedSource _source;
    private readonly CandidatePoolOptions _options;

    /// <summary>The rows without costs.</summary>
    private readonly NormalizedSource _embeddings;

    private CandidatePool(IVectorSource store, CandidatePoolOptions options, PoolView? view = null)
    {
        _store = store;
        _source = new NormalizedSource(store, options.Normalization, view);
        _embeddings = view is { HasCosts: true }
            ? new NormalizedSource(store, options.Normalization, new PoolView(view.Mean, default, 0))
            : _source;
        _options = options;
    }

    internal IRowSource Source => _source;

    internal int ThreadCount => _options.ThreadCount;

    /// <inheritdoc/>
    public long Count => _store.Count;

    /// <inheritdoc/>
    public int Dimension => _store.Dimension;

    /// <inheritdoc/>
    public Normalization Normalization => _options.Normalization;

    /// <summary>Creates a pool over embeddings in memory, which the caller must not change.</summary>
    /// <param name="embeddings">Shape [candidates, dimension]; row i is candidate i.</param>
    /// <param name="options">How to treat them; null for the defaults.</param>
    /// <returns>The pool.</returns>
    public static CandidatePool FromEmbeddings(EmbeddingMatrix embeddings, CandidatePoolOptions? options = null) =>
        new(new MemoryVectorSource(embeddings), options ?? new CandidatePoolOptions());

    /// <summary>
    /// Opens .npy files as one pool, in the order given: versions 1 to 3, float16, float32 or float64, 2-D, C order.
    /// </summary>
    /// <param name="paths">The files, at least one; they stay mapped until the pool is disposed.</param>
    /// <param name="options">How to treat their rows; null for the defaults.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="ArgumentException">There is no path.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or the dimensions differ; the message names the
    /// file.</exception>
    public static CandidatePool OpenNpy(IReadOnlyList<string> paths, CandidatePoolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return OpenVectors([.. paths.Select(Npy.SourceOf)], options);
    }

    /// <summary>
    /// Opens sources of embeddings as one pool, in the order given. Supported are .npy, .safetensors, and .pt as
    /// torch.save writes a tensor; float16, bfloat16, float32 or float64, 2-D, row-major; each file alone or combined
    /// with others. The files are mapped.
    /// </summary>
    /// <param name="sources">The sources, at least one; their files stay mapped until the pool is disposed.</param>
    /// <param name="options">How to treat their rows; null for the defaults.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="ArgumentException">There is no source.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or the dimensions differ; the message names the
    /// file.</exception>
    public static CandidatePool OpenVectors(IReadOnlyList<VectorSource> sources, CandidatePoolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfZero(sources.Count);
        return new CandidatePool(ConcatenatedRows.Open(sources), options ?? new CandidatePoolOptions());
    }

    /// <summary>Returns the same candidates as seen through a view.</summary>
    /// <param name="view">The view, of this pool's dimension.</param>
    /// <returns>A pool of the same ids, valid as long as this one; nothing to dispose.</returns>
    /// <remarks>An index of the embeddings as they are serves views that do not center.</remarks>
    /// <exception cref="ArgumentException">The view is not one of such embeddings.</exception>
    public CandidatePool WithView(PoolView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        view.CheckFits(Dimension, Normalization);
        CandidatePool viewed = new(_store, _options, view);
        if (view.Mean.IsEmpty)
        {
            viewed._source.Quantized = _source.Quantized;
            viewed._embeddings.Quantized = _source.Quantized;
        }

        return viewed;
    }

    /// <inheritdoc/>
    ICandidatePool ICandidatePool.WithView(PoolView view) => WithView(view);

    /// <summary>Makes searches use an index of this pool, which does not change their results.</summary>
    /// <param name="index">The index; the caller has compared its <see cref="PoolIndex.Identity"/>, and disposes it
    /// after the pool.</param>
    /// <exception cref="ArgumentException">The index is that of a pool of another size, dimension or
    /// normalization.</exception>
    public void UseIndex(PoolIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (index.Count != Count || index.Dimension != Dimension || index.Normalization != Normalization)
        {
            throw new ArgumentException(
                $"Expected an index of {Count:N0} candidates of dimension {Dimension} under {Normalization}, "
                    + $"found one of {index.Count:N0} of dimension {index.Dimension} under {index.Normalization}."
            );
        }

        _source.Quantized = index.Rows;
    }

    /// <summary>
    /// Returns an upper bound of the memory of one search in addition to the pool's own embeddings, in bytes.
    /// </summary>
    /// <param name="targetCount">M.</param>
    /// <param name="k">Neighbors of each target.</param>
    /// <param name="dimension">d.</param>
    /// <param name="threadCount">Threads.</param>
    /// <returns>
    /// 8·M·d + 512·threads·(d + 96) + 48·M·k: packed targets, blocks of rows, buffers of neighbors and the table. N
    /// does not occur.
    /// </returns>
    public static long EstimateMemory(long targetCount, long k, int dimension, int threadCount) =>
        NeighborSearch.EstimateMemory(targetCount, k, dimension, threadCount);

    /// <inheritdoc/>
    public async ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        CheckDimension(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        return await NeighborSearch
            .FindAsync(_source, targets, k, Settings(progress, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Finds, of the <paramref name="k"/> nearest candidates of each target, those that are not farther than a limit:
    /// for parts of a pool that are searched after one another, of which later ones need not repeat what is known to
    /// be beaten.
    /// </summary>
    /// <param name="targets">Shape [targets, dimension], in the same space as the pool's embeddings.</param>
    /// <param name="k">How many neighbors of each target are wanted, from 1 to <see cref="Count"/>.</param>
    /// <param name="farthest">The squared distance of each target beyond which no neighbor is wanted; infinite for
    /// none.</param>
    /// <param name="progress">Receives the number of candidates scanned so far; may be null.</param>
    /// <param name="cancellationToken">Stops the pass; checked once per block of candidates.</param>
    /// <returns>Shape [targets, k]; rows with fewer end with <see cref="NeighborTable.NoCandidate"/>.</returns>
    /// <exception cref="ArgumentException">The dimensions differ, <paramref name="k"/> is out of range, or there is not
    /// one limit for each target.</exception>
    /// <exception cref="InvalidDataException">An embedding of the pool is not usable; the message names file and
    /// row.</exception>
    public async ValueTask<NeighborTable> FindWithinAsync(
        EmbeddingMatrix targets,
        int k,
        double[] farthest,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(farthest);
        CheckDimension(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Count);
        if (farthest.Length != targets.Count)
        {
            throw new ArgumentException(
                $"Expected one limit for each of {targets.Count} targets, found {farthest.Length}.",
                nameof(farthest)
            );
        }

        return await NeighborSearch
            .FindAsync(_source, targets, k, Settings(progress, cancellationToken), farthest)
            .ConfigureAwait(false);
    }

    /// <summary>Returns the part of a population that lies among consecutive candidates of a pool.</summary>
    /// <param name="population">Ids of candidates of the pool, ascending, or null for all of them.</param>
    /// <param name="firstId">The id of the first candidate of the part.</param>
    /// <param name="count">The number of candidates of the part.</param>
    /// <returns>The ids within the part, counted from its first candidate; null where the population is.</returns>
    public static ReadOnlyMemory<long>? PopulationWithin(ReadOnlyMemory<long>? population, long firstId, long count)
    {
        if (population is not { } ids)
        {
            return null;
        }

        List<long> part = [];
        foreach (long id in ids.Span)
        {
            if (id >= firstId && id < firstId + count)
            {
                part.Add(id - firstId);
            }
        }

        return part.ToArray();
    }

    /// <inheritdoc/>
    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    )
    {
        float[] values = new float[checked(candidateIds.Length * Dimension)];
        for (int i = 0; i < candidateIds.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long candidateId = candidateIds.Span[i];
            ArgumentOutOfRangeException.ThrowIfNegative(candidateId, nameof(candidateIds));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(candidateId, Count, nameof(candidateIds));
            _embeddings.ReadRows(candidateId, 1, values.AsSpan(i * Dimension, Dimension), Dimension);
        }

        return ValueTask.FromResult(new EmbeddingMatrix(values, Dimension));
    }

    /// <inheritdoc/>
    ValueTask<UInt128[]> ICandidatePool.ReadKeysAsync(long firstId, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstId, Count - count);
        return ValueTask.FromResult(EmbeddingKeys.Read(_embeddings, firstId, count, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        CheckDimension(points);
        ThrowHelper.ThrowIfNotFiniteOrNotPositive(bandwidth, nameof(bandwidth));
        IRowSource rows = _embeddings;
        if (population is { } ids)
        {
            ThrowHelper.ThrowIfNotAscendingIds(ids.Span, Count, nameof(population));
            rows = new ChosenRows(_embeddings, ids);
        }

        return await DensityEstimator
            .EstimateAsync(rows, points, bandwidth, Settings(progress, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => _store.Dispose();

    private void CheckDimension(EmbeddingMatrix matrix)
    {
        if (matrix.Dimension != Dimension)
        {
            throw new ArgumentException(
                $"Expected vectors of the pool's dimension {Dimension}, found {matrix.Dimension}."
            );
        }
    }

    private ScanSettings Settings(IProgress<long>? progress, CancellationToken cancellationToken) =>
        new(
            _options.ThreadCount,
            CandidateScan.WidestLane,
            CandidateScan.FastestPrecision,
            progress,
            cancellationToken
        );
}
