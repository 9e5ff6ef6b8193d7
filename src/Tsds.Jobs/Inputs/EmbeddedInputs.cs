using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Data.Tokens;
using Tsds.Data.Vectors;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Index;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// The inputs of a job as the core wants them: a pool and targets in one space, and what is known of their rows.
/// </summary>
internal sealed class EmbeddedInputs : IDisposable
{
    private const int SummaryTextLength = 80;

    private readonly ICandidatePool _pool;
    private CandidatePool? _opened;
    private PoolIndex? _index;
    private VectorFiles? _poolVectors;
    private VectorFiles? _targetVectors;
    private RowEmbedding? _rowEmbedding;

    private EmbeddedInputs(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        EmbeddingRecord embedding,
        RowReader? poolRows,
        RowReader? targetRows
    )
    {
        _pool = pool;
        Pool = pool;
        Targets = targets;
        Embedding = embedding;
        PoolRows = poolRows;
        TargetReader = targetRows;
        SkippedRows = [.. poolRows?.SkippedRows ?? [], .. targetRows?.SkippedRows ?? []];
        SkippedRowCount = (poolRows?.SkippedCount ?? 0) + (targetRows?.SkippedCount ?? 0);
    }

    /// <summary>Gets the candidates that may be chosen.</summary>
    public ICandidatePool Pool { get; private set; }

    /// <summary>Gets all candidates, those that must not be chosen too.</summary>
    public ICandidatePool AllCandidates => _pool;

    /// <summary>Gets the candidates that must not be chosen, and why.</summary>
    public ExcludedCandidates Excluded { get; private set; } = ExcludedCandidates.None;

    public EmbeddingMatrix Targets { get; }

    public EmbeddingRecord Embedding { get; }

    /// <summary>Gets the pool's rows after a complete pass, or null where only vectors were given.</summary>
    public RowReader? PoolRows { get; }

    /// <summary>Gets the targets' rows, or null where only vectors were given.</summary>
    public IReadOnlyList<TargetRow>? TargetRows { get; private init; }

    /// <summary>
    /// Gets the reader of the targets' rows after a complete pass, or null where only vectors were given.
    /// </summary>
    public RowReader? TargetReader { get; }

    public IReadOnlyList<InputFile> TargetFiles => TargetReader?.Files ?? [];

    /// <summary>Gets the tasks of the targets, or null where there is one that nobody named.</summary>
    public TargetTasks? Tasks { get; private init; }

    /// <summary>Gets the pool's files of vectors; waits for their hashes.</summary>
    public IReadOnlyList<InputFile> PoolVectorFiles => _poolVectors?.Files ?? [];

    public IReadOnlyList<InputFile> TargetVectorFiles => _targetVectors?.Files ?? [];

    /// <summary>
    /// Gets how many rows were embedded and how many vectors were there already, or null where all were ready-made.
    /// </summary>
    public string? EmbeddingNote { get; private init; }

    /// <summary>Gets what became of the index that was named, or null.</summary>
    public string? IndexNote { get; private init; }

    public IReadOnlyList<SkippedRow> SkippedRows { get; }

    public long SkippedRowCount { get; }

    public static async Task<EmbeddedInputs> CreateAsync(
        SelectionJobOptions options,
        JobInputs inputs,
        OutputFolder output,
        RunRecord run,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        EmbeddedInputs embedded = await OpenAsync(options, inputs, output, run, progress, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            await embedded
                .ExcludeAsync(options, inputs, output, run, progress, cancellationToken)
                .ConfigureAwait(false);
            return embedded;
        }
        catch
        {
            embedded.Dispose();
            throw;
        }
    }

    /// <summary>Tells a target that is hard to reach as a summary does.</summary>
    public HardTarget Describe(int target, double nearestDistance)
    {
        TargetRow? row = TargetRows?[target];
        string? text = row?.Text.ReplaceLineEndings(" ");
        return new HardTarget(
            target,
            row?.Id,
            nearestDistance,
            text?.Length > SummaryTextLength ? text[..SummaryTextLength] : text
        );
    }

    public void Dispose()
    {
        _opened?.Dispose();
        _index?.Dispose();
        _rowEmbedding?.Dispose();
    }

    private static async Task<EmbeddedInputs> OpenAsync(
        SelectionJobOptions options,
        JobInputs inputs,
        OutputFolder output,
        RunRecord run,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        RowReaderOptions rowOptions = RowOptions(options, inputs);
        Func<string, long>? countTokens = inputs.Tokenizer is { } tokenizer
            ? TokenizerFile.Open(tokenizer).Count
            : null;
        RowReader? poolRows =
            inputs.Pool.Count > 0 ? new RowReader(inputs.Pool, rowOptions with { CountTokens = countTokens }) : null;
        RowReader? targetReader = inputs.Targets.Count > 0 ? new RowReader(inputs.Targets, rowOptions) : null;
        List<TargetRow>? targetRows = targetReader is null
            ? null
            : ReadTargets(targetReader, inputs.Targets, cancellationToken);
        if (inputs.EmbedsPool)
        {
            RowEmbedding embedding = await RowEmbedding
                .EmbedPoolAsync(poolRows!, inputs.Pool, options, output, run, progress, cancellationToken)
                .ConfigureAwait(false);
            return await OfEmbeddingAsync(
                    embedding,
                    options,
                    inputs,
                    output,
                    poolRows,
                    targetReader,
                    targetRows,
                    run,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        if (inputs.Store is { } store)
        {
            CheckStoreRows(store, poolRows, inputs, progress, cancellationToken);
            return await OfEmbeddingAsync(
                    RowEmbedding.OfStore(store, options, output),
                    options,
                    inputs,
                    output,
                    poolRows,
                    targetReader,
                    targetRows,
                    run,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        CountRows(poolRows, inputs, progress, cancellationToken);
        VectorFiles poolVectors = OpenPoolFiles(options, inputs, output, progress, cancellationToken);
        VectorFiles targetVectors = VectorFiles.Open(
            inputs.TargetVectors,
            output,
            "targets",
            progress,
            cancellationToken
        );
        return OfVectors(options, inputs, poolVectors, targetVectors, poolRows, targetReader, targetRows, run);
    }

    /// <summary>The pool's vectors are on disk; the targets get theirs from the same embedder.</summary>
    private static async Task<EmbeddedInputs> OfEmbeddingAsync(
        RowEmbedding embedding,
        SelectionJobOptions options,
        JobInputs inputs,
        OutputFolder output,
        RowReader? poolRows,
        RowReader? targetReader,
        IReadOnlyList<TargetRow>? targetRows,
        RunRecord run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            EmbeddingMatrix targets = await embedding
                .EmbedTargetsAsync([.. targetRows!.Select(row => row.Text)], cancellationToken)
                .ConfigureAwait(false);
            run.EndStage("embedding");
            VectorFiles? storeFiles = inputs.Store is null
                ? null
                : OpenPoolFiles(options, inputs, output, null, cancellationToken);
            inputs.Store?.Check(storeFiles!);
            CandidatePool? opened = options.ServedPool is null ? OpenPool(embedding.Pool.Sources, options) : null;
            ICandidatePool pool = opened ?? options.ServedPool!;
            PoolIndex? index = null;
            string? note = null;
            if (options.Index is { } folder && storeFiles is not null)
            {
                index = IndexJob.TryUse(folder, opened!, storeFiles, out note);
            }

            string? template = inputs.Store?.Manifest.Template ?? options.Template;
            return new EmbeddedInputs(
                pool,
                targets,
                embedding.Describe(pool.Dimension, template),
                poolRows,
                targetReader
            )
            {
                TargetRows = targetRows,
                Tasks = TargetTasks.Find(inputs, targetReader, null),
                EmbeddingNote = embedding.Note,
                IndexNote = note,
                _opened = opened,
                _index = index,
                _poolVectors = storeFiles,
                _rowEmbedding = embedding,
            };
        }
        catch
        {
            embedding.Dispose();
            throw;
        }
    }

    /// <summary>With rows beside a store, row i must be the row that vector i was made of.</summary>
    private static void CheckStoreRows(
        VectorStore store,
        RowReader? rows,
        JobInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (rows is not null)
        {
            store.Check(PoolTexts.Scan(rows, inputs.Pool, null, progress, cancellationToken).Shards);
        }
    }

    private static EmbeddedInputs OfVectors(
        SelectionJobOptions options,
        JobInputs inputs,
        VectorFiles poolVectors,
        VectorFiles targetVectors,
        RowReader? poolRows,
        RowReader? targetReader,
        IReadOnlyList<TargetRow>? targetRows,
        RunRecord run
    )
    {
        CheckCounts("--pool", poolRows?.RowCount, poolVectors);
        CheckCounts("--target", targetReader?.RowCount, targetVectors);
        EmbeddingMatrix targets = VectorSource.ReadEmbeddings(targetVectors.Sources);
        CandidatePool? opened = options.ServedPool is null ? OpenPool(poolVectors.Sources, options) : null;
        ICandidatePool pool = opened ?? options.ServedPool!;
        PoolIndex? index = null;
        string? note = null;
        if (options.Index is { } folder)
        {
            index = IndexJob.TryUse(folder, opened!, poolVectors, out note);
        }

        run.EndStage("reading");
        EmbeddingRecord embedding = new("vectors", null, null, pool.Dimension, options.Normalization, null, null);
        return new EmbeddedInputs(pool, targets, embedding, poolRows, targetReader)
        {
            TargetRows = targetRows,
            Tasks = TargetTasks.Find(inputs, targetReader, targetVectors.Given),
            IndexNote = note,
            _opened = opened,
            _index = index,
            _poolVectors = poolVectors,
            _targetVectors = targetVectors,
        };
    }

    private static RowReaderOptions RowOptions(SelectionJobOptions options, JobInputs inputs) =>
        new()
        {
            Template = inputs.Store?.Manifest.Template ?? options.Template,
            TextField = options.TextField,
            Schema = options.Schema,
            OnBadRow = options.OnBadRow,
            NeedsText =
                inputs.EmbedsPool
                || inputs.Store is not null
                || options.Method?.Needs.HasFlag(MethodNeeds.Texts) == true,
            StandardInput = options.StandardInput,
        };

    /// <summary>Hides the candidates that repeat rows which are excluded or kept.</summary>
    private async Task ExcludeAsync(
        SelectionJobOptions options,
        JobInputs inputs,
        OutputFolder output,
        RunRecord run,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        List<GivenRows> given = [];
        foreach (
            (string option, IReadOnlyList<string> rows, IReadOnlyList<VectorSource> vectors) in new[]
            {
                (GivenRows.Exclude, inputs.Exclude, inputs.ExcludeVectors),
                (GivenRows.Keep, inputs.Keep, inputs.KeepVectors),
            }
        )
        {
            if (rows.Count + vectors.Count > 0)
            {
                given.Add(
                    await ReadGivenAsync(option, rows, vectors, options, inputs, output, progress, cancellationToken)
                        .ConfigureAwait(false)
                );
            }
        }

        if (given.Count == 0)
        {
            return;
        }

        Excluded = await ExcludedCandidates
            .FindAsync(
                _pool,
                PoolRows,
                given,
                options.ResolvedExcludeDistance,
                ByteProgress.Create(progress, inputs.Pool),
                SelectionProgress.OfStage(progress, SelectionStage.Neighbors, _pool.Count),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (Excluded.Hidden.Count == _pool.Count)
        {
            throw new InvalidOperationException(
                $"Expected candidates beside those that repeat rows of --exclude or --keep, found that all "
                    + $"{_pool.Count:N0} do; give a smaller --exclude-distance, or fewer rows."
            );
        }

        Pool = new FilteredPool(_pool, Excluded.Hidden.Select(row => row.Row).ToArray());
        run.EndStage("excluding");
    }

    /// <summary>Reads rows that are given beside pool and targets, and embeds them as the pool's are.</summary>
    /// <param name="option">What they are given as.</param>
    /// <param name="paths">Their files; may be empty.</param>
    /// <param name="vectors">Their ready-made embeddings; may be empty.</param>
    /// <param name="options">The job.</param>
    /// <param name="inputs">The files of the job.</param>
    /// <param name="output">Where copies are kept while the job runs.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<GivenRows> ReadGivenAsync(
        string option,
        IReadOnlyList<string> paths,
        IReadOnlyList<VectorSource> vectors,
        SelectionJobOptions options,
        JobInputs inputs,
        OutputFolder output,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        VectorFiles? files =
            vectors.Count > 0 ? VectorFiles.Open(vectors, output, option, progress, cancellationToken) : null;
        RowReader? reader = paths.Count > 0 ? new RowReader(paths, RowOptions(options, inputs)) : null;
        List<TargetRow>? rows = reader is null ? null : ReadTargets(reader, paths, cancellationToken);
        EmbeddingMatrix? embeddings = null;
        if (files is not null)
        {
            CheckCounts("--" + option, reader?.RowCount, files);
            embeddings = VectorSource.ReadEmbeddings(files.Sources);
        }
        else if (_rowEmbedding is not null)
        {
            embeddings = await _rowEmbedding
                .EmbedRowsAsync([.. rows!.Select(row => row.Text)], option, cancellationToken)
                .ConfigureAwait(false);
        }

        if (embeddings is { } found && found.Dimension != _pool.Dimension)
        {
            throw new InvalidDataException(
                $"Expected embeddings of the pool's dimension {_pool.Dimension} in --{option}-vectors, found "
                    + $"{found.Dimension}; embed both with the same model."
            );
        }

        return new GivenRows(option, reader, rows, embeddings, files);
    }

    /// <summary>Who serves a store has checked its vectors; all others are hashed here.</summary>
    private static VectorFiles OpenPoolFiles(
        SelectionJobOptions options,
        JobInputs inputs,
        OutputFolder output,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        options.ServedPool is not null && inputs.PoolStore is { } store
            ? VectorFiles.OfStore(store)
            : VectorFiles.Open(inputs.PoolVectors, output, "pool", progress, cancellationToken);

    private static CandidatePool OpenPool(IReadOnlyList<VectorSource> sources, SelectionJobOptions options) =>
        CandidatePool.OpenVectors(
            sources,
            new CandidatePoolOptions { Normalization = options.Normalization, ThreadCount = options.ThreadCount }
        );

    private static List<TargetRow> ReadTargets(
        RowReader reader,
        IReadOnlyList<string> paths,
        CancellationToken cancellationToken
    )
    {
        List<TargetRow> rows = [];
        foreach (Row row in reader.Read(RowFields.All, null, cancellationToken))
        {
            rows.Add(new TargetRow(paths[row.FileIndex], row.Line, row.Id, row.Text));
        }

        return rows;
    }

    /// <summary>Where vectors are ready made, one pass over the rows counts them and finds their hashes.</summary>
    private static void CountRows(
        RowReader? rows,
        JobInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (rows is null)
        {
            return;
        }

        using IEnumerator<Row> pass = rows.Read(
                RowFields.None,
                ByteProgress.Create(progress, inputs.Pool),
                cancellationToken
            )
            .GetEnumerator();
        while (pass.MoveNext()) { }
    }

    private static void CheckCounts(string option, long? rows, VectorFiles vectors)
    {
        long vectorCount = vectors.RowCount;
        if (rows is { } count && count != vectorCount)
        {
            throw new InvalidDataException(
                $"Expected one vector for each of the {count:N0} rows of {option}, found {vectorCount:N0} in "
                    + $"{option}-vectors; row i must belong to vector i."
            );
        }
    }
}
