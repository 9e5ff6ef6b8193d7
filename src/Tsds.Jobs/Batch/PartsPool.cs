using System.Runtime.CompilerServices;

namespace Tsds.Jobs.Batch;

/// <summary>
/// A pool that batch jobs search: calls are written to a work folder as requests, and answered from the parts found
/// there.
/// </summary>
/// <remarks>
/// A selection makes the same calls in the same order whenever it is run, so a run that is continued repeats those that
/// are answered.
/// </remarks>
internal sealed class PartsPool : ICandidatePool
{
    private readonly CandidatePool _pool;
    private readonly IReadOnlyList<PoolFile> _files;
    private readonly WorkFolder _work;
    private readonly PoolView? _view;
    private readonly CandidatePool _embeddings;

    /// <summary>The last round, which all views of a pool count together.</summary>
    private readonly StrongBox<int> _round;

    /// <summary>Initializes a pool.</summary>
    /// <param name="pool">The pool here, from which embeddings are read.</param>
    /// <param name="files">Its files, for those who search.</param>
    /// <param name="work">The folder of requests and parts.</param>
    public PartsPool(CandidatePool pool, IReadOnlyList<PoolFile> files, WorkFolder work)
        : this(pool, files, work, null, new StrongBox<int>()) { }

    private PartsPool(
        CandidatePool pool,
        IReadOnlyList<PoolFile> files,
        WorkFolder work,
        PoolView? view,
        StrongBox<int> round
    )
    {
        (_pool, _files, _work, _view, _round) = (pool, files, work, view, round);
        _embeddings = view is null ? pool : pool.WithView(view);
    }

    public long Count => _pool.Count;

    public int Dimension => _pool.Dimension;

    public Normalization Normalization => _pool.Normalization;

    public ICandidatePool WithView(PoolView view) => new PartsPool(_pool, _files, _work, view, _round);

    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        Answer(new PoolRequest(SelectionStage.Neighbors, Normalization, _files, _view, targets, k, 0, null))
            .FindNearestAsync(targets, k, progress, cancellationToken);

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) => _embeddings.ReadEmbeddingsAsync(candidateIds, cancellationToken);

    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        Answer(
                new PoolRequest(
                    SelectionStage.Densities,
                    Normalization,
                    _files,
                    _view,
                    points,
                    0,
                    bandwidth,
                    population
                )
            )
            .EstimateDensitiesAsync(points, bandwidth, population, progress, cancellationToken);

    /// <summary>Opens the parts of a request as one pool, or throws if some are missing.</summary>
    /// <exception cref="PartsNeededException">Some are missing or damaged.</exception>
    private ShardedPool Answer(PoolRequest request)
    {
        int round = ++_round.Value;
        string seal = _work.Ask(round, request);
        int count = _work.CountParts(round, request.Stage);
        RecordedPart[] parts = new RecordedPart[count];
        List<int> missing = [];
        List<string> damaged = [];
        for (int index = 0; index < count; index++)
        {
            string path = _work.PartOf(round, request.Stage, index, count);
            PartFile? part = File.Exists(path) ? PartFile.TryRead(path, seal) : null;
            if (part is not null)
            {
                parts[index] = new RecordedPart(path, seal, part.Rows, Dimension, Normalization);
                continue;
            }

            missing.Add(index);
            if (File.Exists(path))
            {
                damaged.Add(path);
            }
        }

        return count > 0 && missing.Count == 0
            ? new ShardedPool(parts)
            : throw new PartsNeededException(round, request.Stage, _work.Path, count, missing, damaged);
    }
}
