using System.Globalization;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Rows;
using Tsds.Data.Store;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// The vectors of a selection's pool and targets by one embedder, taken from the cache, or computed and stored there.
/// </summary>
internal sealed class RowEmbedding : IDisposable
{
    private readonly IEmbedder _embedder;
    private readonly string _name;
    private readonly VectorCacheLease? _cache;
    private readonly JobContext _context;
    private readonly EmbedderChoice? _choice;
    private readonly bool _isShared;

    private RowEmbedding(RowEmbedding other, JobContext context)
        : this(other._embedder, other._name, other._cache, context, other._choice) => _isShared = true;

    private RowEmbedding(
        IEmbedder embedder,
        string name,
        VectorCacheLease? cache,
        JobContext context,
        EmbedderChoice? choice = null
    )
    {
        _choice = choice;
        _embedder = embedder;
        _name = name;
        _cache = cache;
        _context = context;
    }

    /// <summary>Gets the pool's vectors.</summary>
    public required EmbeddedChunks Pool { get; init; }

    /// <summary>Gets the rows whose text is that of an earlier one; null where texts were not looked at.</summary>
    public PoolCopies? Copies { get; private init; }

    /// <summary>Gets about how many tokens of the pool a transformer would read; 0 where no row was.</summary>
    private long ModelTokens { get; init; }

    /// <summary>
    /// Gets the time of a better embedder for these rows on this machine, in words; null where the embedder is not one
    /// of the built-in ones that are cheaper, or no better one is at hand.
    /// </summary>
    public string? BetterEmbedder =>
        ModelTokens > 0
        && ModelCost.IsAvailable
        && new EmbedderOptions { Name = _name }.Parts.All(part => part.IsFitted)
            ? ModelCost.Describe(
                Pool.RowCount,
                ModelCost.Estimate(ModelTokens, _context.Options.MachineSpeed(), _context.Options.ThreadCount)
            )
            : null;

    /// <summary>Gets a short description of the number of embedded rows.</summary>
    public string Note
    {
        get
        {
            long known = Pool.RowCount - Pool.EmbeddedRows;
            string chosen = _choice is null ? "" : $"{_choice.Note}; ";
            string embedded = string.Create(
                CultureInfo.InvariantCulture,
                $"{chosen}{Pool.EmbeddedRows:N0} {(Pool.EmbeddedRows == 1 ? "row" : "rows")} embedded"
            );
            if (Pool.KnownPartRows > 0)
            {
                embedded += string.Create(
                    CultureInfo.InvariantCulture,
                    $", {Pool.KnownPartRows:N0} of them by a model whose vectors were known"
                );
            }

            return known == 0
                ? embedded
                : string.Create(CultureInfo.InvariantCulture, $"{embedded}, {known:N0} known already");
        }
    }

    /// <summary>Embeds the pool of a job.</summary>
    /// <param name="context">The job.</param>
    /// <param name="rows">The pool's rows.</param>
    /// <param name="targets">The texts of the targets, which choose the embedder if they are asked.</param>
    public static async Task<RowEmbedding> EmbedPoolAsync(
        JobContext context,
        RowReader rows,
        IReadOnlyList<string> targets
    )
    {
        SelectionJobOptions options = context.Options;
        EmbedderOptions named = context.Spec.Embedder ?? new EmbedderOptions();
        EmbedderOptions opened = named.IsAuto ? named with { Name = EmbedderChoice.Both } : named;
        using EmbedderFitting fitting = EmbedderFitting.Open(opened.In(options.Root), options.ThreadCount);
        IEmbedder? embedder = null;
        EmbedderChoice? choice = null;
        VectorCacheLease? cache = null;
        try
        {
            PoolTexts texts = PoolTexts.Scan(context, rows, fitting);
            context.OnPoolRows(texts.Shards.Sum(shard => (long)shard.RowCount), texts.Copies?.Count ?? 0);
            context.Timings.EndStage("reading");
            cache = Lease(options);
            ChunkFolder folder = FolderOf(fitting.Identity, "pool", cache, context);
            embedder = fitting.OpenOrFit(folder.Path, context.Progress, context.Cancellation);
            if (named.IsAuto)
            {
                choice = await EmbedderChoice
                    .MakeAsync(embedder, fitting.Sample, targets, context)
                    .ConfigureAwait(false);
                if (choice.Embedder != opened.Name)
                {
                    embedder.Dispose();
                    using EmbedderFitting part = fitting.PartOf(choice.Embedder);
                    ChunkFolder fitted = folder;
                    folder = FolderOf(part.Identity, "pool", cache, context);
                    part.CopyFit(fitted.Path, folder.Path);
                    embedder = part.OpenOrFit(folder.Path, context.Progress, context.Cancellation);
                }
            }

            context.Timings.EndStage("fitting");
            EmbeddedChunks pool = await EmbedderOf(folder, embedder, TextRole.Passage, cache, context)
                .EmbedAsync(texts.Shards, texts.Read(context.Cancellation), context.Progress, context.Cancellation)
                .ConfigureAwait(false);
            return new RowEmbedding(embedder, choice?.Embedder ?? named.Name, cache, context, choice)
            {
                Pool = pool,
                Copies = texts.Copies,
                ModelTokens = texts.ModelTokens,
            };
        }
        catch
        {
            embedder?.Dispose();
            cache?.Dispose();
            throw;
        }
    }

    /// <summary>Embeds a pool by the embedder that was fitted to a sample of it.</summary>
    /// <param name="context">The job.</param>
    /// <param name="rows">The pool's rows.</param>
    /// <returns>The vectors; valid as long as these are.</returns>
    public async Task<RowEmbedding> EmbedPoolAsync(JobContext context, RowReader rows)
    {
        PoolTexts texts = PoolTexts.Scan(context, rows);
        context.Timings.EndStage("reading");
        ChunkFolder folder = FolderOf(_embedder.IdentityOf(TextRole.Passage), "pool", _cache, context);
        EmbeddedChunks pool = await EmbedderOf(folder, _embedder, TextRole.Passage, _cache, context)
            .EmbedAsync(texts.Shards, texts.Read(context.Cancellation), context.Progress, context.Cancellation)
            .ConfigureAwait(false);
        return new RowEmbedding(this, context)
        {
            Pool = pool,
            Copies = texts.Copies,
            ModelTokens = texts.ModelTokens,
        };
    }

    /// <summary>Opens the embedder of a store, to embed targets.</summary>
    /// <param name="context">The job.</param>
    /// <param name="store">The store of the pool's vectors.</param>
    /// <exception cref="InvalidDataException">The embedder is not the one that wrote the store.</exception>
    public static RowEmbedding OfStore(JobContext context, VectorStore store)
    {
        SelectionJobOptions options = context.Options;
        EmbedderOptions named = context.Spec.Embedder is { IsAuto: false } asked ? asked : store.Manifest.Embedder;
        string folder = store.Folder;
        string identity = store.Manifest.Identity;
        using EmbedderFitting fitting = EmbedderFitting.Open(named.In(options.Root), options.ThreadCount);
        IEmbedder embedder =
            fitting.TryOpen(folder)
            ?? throw new InvalidDataException(
                $"Expected the fit of the {named.Name} embedder, {string.Join(" and ", EmbedderFitting.FileNames)} as "
                    + $"it needs them, in {folder}, found none; write the store again with 'tsds embed'."
            );
        string found = embedder.IdentityOf(TextRole.Passage);
        if (found == identity)
        {
            return new RowEmbedding(embedder, named.Name, Lease(options), context) { Pool = store.Chunks };
        }

        embedder.Dispose();
        throw new InvalidDataException(
            $"Expected the embedder of the store {folder}, {identity}, found {found}; targets must be "
                + $"embedded by the model that embedded the pool."
        );
    }

    /// <summary>Embeds the targets; shape [texts, dimension].</summary>
    public Task<EmbeddingMatrix> EmbedTargetsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        EmbedAsync(texts, TextRole.Query, "targets", cancellationToken);

    /// <summary>Embeds rows as those of the pool; shape [texts, dimension].</summary>
    /// <param name="texts">Their texts.</param>
    /// <param name="name">What their vectors are called while the job runs.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<EmbeddingMatrix> EmbedRowsAsync(
        IReadOnlyList<string> texts,
        string name,
        CancellationToken cancellationToken
    ) => EmbedAsync(texts, TextRole.Passage, name, cancellationToken);

    public EmbeddingRecord Describe(int dimension, string? template)
    {
        EmbedderFit? fit = _embedder.Fit;
        return new EmbeddingRecord(
            _name,
            fit?.Version,
            fit?.SampleRows,
            _embedder.IdentityOf(TextRole.Passage),
            dimension,
            _context.Spec.Normalization,
            template,
            _choice?.Candidates
        );
    }

    public void Dispose()
    {
        if (_isShared)
        {
            return;
        }

        _embedder.Dispose();
        _cache?.Dispose();
    }

    private async Task<EmbeddingMatrix> EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        string name,
        CancellationToken cancellationToken
    )
    {
        ChunkFolder folder = FolderOf(_embedder.IdentityOf(role), name, _cache, _context);
        EmbeddedChunks shards = await EmbedderOf(folder, _embedder, role, _cache, _context)
            .EmbedAsync(ChunkKey.Scan(texts), texts, null, cancellationToken)
            .ConfigureAwait(false);
        return Npy.ReadEmbeddings(shards.Paths);
    }

    private static ChunkEmbedder EmbedderOf(
        ChunkFolder folder,
        IEmbedder embedder,
        TextRole role,
        VectorCacheLease? cache,
        JobContext context
    ) =>
        new(folder, embedder, role, context.Options.ThreadCount)
        {
            PartFolderOf = cache is null ? null : cache.FolderOf,
        };

    private static ChunkFolder FolderOf(string identity, string name, VectorCacheLease? cache, JobContext context)
    {
        if (cache is not null)
        {
            return cache.FolderOf(identity);
        }

        string scratch = context.Scratch.ScratchPathOf(context.ScratchPrefix + name);
        Directory.CreateDirectory(scratch);
        return new ChunkFolder(scratch, VectorPrecision.Full, isOrdered: true);
    }

    private static VectorCacheLease? Lease(SelectionJobOptions options)
    {
        try
        {
            return options.Cache?.Lease();
        }
        catch (Exception exception)
            when (options.Cache is { IsUsersOwn: true } && exception is IOException or UnauthorizedAccessException)
        {
            // The user did not ask for the default folder: if there is no home folder to write to, nothing is kept.
            return null;
        }
    }
}
