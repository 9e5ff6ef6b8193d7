using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>The pool of a job: its embeddings, searchable, and what is known of its rows.</summary>
internal sealed class PoolInputs : IDisposable
{
    private readonly CandidatePool? _opened;
    private readonly PoolIndex? _index;
    private readonly VectorFiles? _vectors;
    private readonly Shortlist? _shortlist;

    private PoolInputs(
        ICandidatePool? served,
        CandidatePool? opened,
        VectorFiles? vectors,
        PoolIndex? index,
        Shortlist? shortlist = null
    )
    {
        ICandidatePool pool = opened ?? served!;
        Pool = shortlist is null ? pool : new ReferredPool(pool, shortlist.Sample.WithoutCopies);
        (_opened, _vectors, _index, _shortlist) = (opened, vectors, index, shortlist);
    }

    /// <summary>Gets all candidates, those that must not be chosen too.</summary>
    public ICandidatePool Pool { get; }

    /// <summary>Gets the rows after a complete pass, or null if only vectors were given.</summary>
    public RowReader? Rows { get; private init; }

    /// <summary>
    /// Gets the rows whose text is that of an earlier one; null where texts were not looked at, because embeddings are
    /// ready made or copies are kept.
    /// </summary>
    public PoolCopies? Copies { get; private init; }

    /// <summary>
    /// Gets the outcome of the sieve that left these rows of a larger pool; null if all its rows are here.
    /// </summary>
    public SieveResult? Sieve => _shortlist?.Result;

    /// <summary>Gets the candidates without those whose text is that of an earlier one.</summary>
    public ICandidatePool WithoutCopies =>
        Copies is { Count: > 0 } copies ? new FilteredPool(Pool, copies.Hide([])) : Pool;

    /// <summary>Gets the embedder of other rows, the same as the pool's; null for ready-made embeddings.</summary>
    public RowEmbedding? Embedder { get; private init; }

    /// <summary>Gets the origin of the embeddings.</summary>
    public required EmbeddingRecord Embedding { get; init; }

    /// <summary>Gets the files of ready-made embeddings; waits for their hashes.</summary>
    public IReadOnlyList<InputFile> VectorFiles => _vectors?.Files ?? [];

    /// <summary>Gets a short description of the use of the index, or null if none was given.</summary>
    public string? IndexNote { get; private init; }

    /// <summary>Opens the pool of a job; embeds its rows where they have no embeddings.</summary>
    /// <param name="context">The job.</param>
    /// <param name="targets">The rows of the targets, by which an embedder may be chosen and a sieve learns; null if
    /// there are none.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names file, line or row.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<PoolInputs> OpenAsync(JobContext context, TargetRows? targets = null)
    {
        JobFiles files = context.Files;
        RowReader? rows = files.PoolFiles.Count > 0 ? new RowReader(files.PoolFiles, OptionsOf(context)) : null;
        if (files.EmbedsPool && context.Spec.Sieve is not null)
        {
            Count(context, rows);
            return await PoolSieve.RunAsync(context, rows!, targets!).ConfigureAwait(false) is { } left
                ? await OpenShortlistAsync(context, left).ConfigureAwait(false)
                : await OpenRowsAsync(context, rows!, targets).ConfigureAwait(false);
        }

        if (files.EmbedsPool)
        {
            return await OpenRowsAsync(context, rows!, targets).ConfigureAwait(false);
        }

        if (files.Store is { } store)
        {
            PoolCopies? copies = null;
            if (rows is not null)
            {
                // Row i must be the row that vector i was made of.
                PoolTexts texts = PoolTexts.Scan(context, rows);
                store.Check(texts.Shards);
                copies = texts.Copies;
            }

            return OfRows(context, RowEmbedding.OfStore(context, store), rows, copies);
        }

        Count(context, rows);
        return OfVectors(context, rows);
    }

    /// <summary>Releases the pool, its index and its embedder.</summary>
    public void Dispose()
    {
        _opened?.Dispose();
        _index?.Dispose();
        Embedder?.Dispose();
        _shortlist?.Sample.Dispose();
    }

    /// <summary>Opens a pool of rows, which are embedded now.</summary>
    /// <param name="context">The job.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="targets">The rows of the targets, or null.</param>
    public static async Task<PoolInputs> OpenRowsAsync(JobContext context, RowReader rows, TargetRows? targets)
    {
        RowEmbedding embedded = await RowEmbedding
            .EmbedPoolAsync(context, rows, targets?.Texts ?? [])
            .ConfigureAwait(false);
        return OfRows(context, embedded, rows, embedded.Copies);
    }

    /// <summary>
    /// Opens what a sieve left, by the embedder of its sample, which stays open for centering and relevance.
    /// </summary>
    private static async Task<PoolInputs> OpenShortlistAsync(JobContext context, Shortlist left)
    {
        try
        {
            RowEmbedding embedded = await left
                .Sample.Embedder!.EmbedPoolAsync(context, left.Rows)
                .ConfigureAwait(false);
            return OfRows(context, embedded, left.Rows, embedded.Copies, left);
        }
        catch
        {
            left.Sample.Dispose();
            throw;
        }
    }

    private static RowReaderOptions OptionsOf(JobContext context) =>
        context.RowOptions with
        {
            CountTokens = context.Files.Tokenizer is { } tokenizer ? TokenizerFile.Open(tokenizer).Count : null,
        };

    /// <summary>Opens a pool whose embedder is known: it was embedded just now, or is a vector store.</summary>
    private static PoolInputs OfRows(
        JobContext context,
        RowEmbedding embedder,
        RowReader? rows,
        PoolCopies? copies,
        Shortlist? shortlist = null
    )
    {
        try
        {
            VectorFiles? vectors = context.Files.Store is null ? null : OpenVectors(context, null);
            context.Files.Store?.Check(vectors!);
            CandidatePool? opened = Open(context, embedder.Pool.Sources);
            PoolIndex? index = TryUseIndex(context, opened, vectors, out string? note);
            return new PoolInputs(context.Options.ServedPool, opened, vectors, index, shortlist)
            {
                Rows = rows,
                Copies = copies,
                Embedder = embedder,
                Embedding = embedder.Describe(
                    (opened ?? context.Options.ServedPool!).Dimension,
                    context.RowOptions.Template
                ),
                IndexNote = note,
            };
        }
        catch
        {
            embedder.Dispose();
            throw;
        }
    }

    private static PoolInputs OfVectors(JobContext context, RowReader? rows)
    {
        VectorFiles vectors = OpenVectors(context, context.Progress);
        if (rows is not null)
        {
            (rows, vectors) = Match(context, rows, vectors);
        }

        CandidatePool? opened = Open(context, vectors.Sources);
        PoolIndex? index = TryUseIndex(context, opened, vectors, out string? note);
        return new PoolInputs(context.Options.ServedPool, opened, vectors, index)
        {
            Rows = rows,
            Embedding = new EmbeddingRecord(
                "vectors",
                null,
                null,
                null,
                (opened ?? context.Options.ServedPool!).Dimension,
                context.Spec.Normalization,
                null
            ),
            IndexNote = note,
        };
    }

    /// <summary>Reads the rows of a pool with ready-made vectors, without those that cannot be used.</summary>
    /// <param name="context">The job.</param>
    /// <returns>The rows after a complete pass.</returns>
    /// <exception cref="InvalidDataException">There is not one embedding for each row.</exception>
    public static RowReader ReadRows(JobContext context)
    {
        RowReader rows = new(context.Files.PoolFiles, OptionsOf(context));
        Count(context, rows);
        return context.Files.PoolVectors.Count == 0 ? rows : Match(context, rows, OpenVectors(context, null)).Rows;
    }

    private static (RowReader Rows, VectorFiles Vectors) Match(JobContext context, RowReader rows, VectorFiles vectors)
    {
        RowVectorPairs pairs = RowVectorPairs.Match(context, "pool", rows, vectors);
        if (pairs.LeftOut is { } leftOut)
        {
            rows = new RowReader(context.Files.PoolFiles, OptionsOf(context) with { LeftOut = leftOut });
            Count(context, rows);
        }

        return (rows, pairs.Vectors);
    }

    /// <summary>
    /// Opens the pool's vectors. Those that a cluster or batch jobs serve are checked there; all others are hashed
    /// here.
    /// </summary>
    private static VectorFiles OpenVectors(JobContext context, IProgress<SelectionProgress>? progress) =>
        context is { Options.ServedPool: not null, Files.PoolStore: { } store }
            ? store.ToVectorFiles()
            : Data.Vectors.VectorFiles.Open(
                context.Files.PoolVectors,
                context.Scratch,
                "pool",
                progress,
                context.Cancellation
            );

    private static CandidatePool? Open(JobContext context, IReadOnlyList<VectorSource> sources) =>
        context.Options.ServedPool is null ? CandidatePool.OpenVectors(sources, context.Options.PoolOptions) : null;

    private static PoolIndex? TryUseIndex(
        JobContext context,
        CandidatePool? opened,
        VectorFiles? vectors,
        out string? note
    )
    {
        note = null;
        if (context.Spec.Index is not { } folder || vectors is null)
        {
            return null;
        }

        PoolIndex? index = PoolIndexes.TryUse(context.Options.Locate(folder), opened!, vectors, out note);
        if (index is not null && context.Spec is { Baseline: null, Center: true, Normalization: Normalization.L2 })
        {
            // What the index knows is of no use to distances from the pool's mean; what is excluded is near as it is.
            note =
                $"ignored: {folder} holds directions as they are, and --center on compares them from the pool's mean";
        }

        return index;
    }

    /// <summary>Counts the rows and hashes their files in one pass, for ready-made vectors or a sieve.</summary>
    private static void Count(JobContext context, RowReader? rows)
    {
        if (rows is null)
        {
            return;
        }

        using IEnumerator<Row> pass = rows.Read(
                RowFields.None,
                context.ReadingProgress(context.Files.PoolFiles),
                context.Cancellation
            )
            .GetEnumerator();
        while (pass.MoveNext()) { }
    }
}
