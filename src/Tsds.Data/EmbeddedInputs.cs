using Tsds.Data.Output;
using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Data.Vectors;

namespace Tsds.Data;

/// <summary>The inputs of a job as the core wants them: a pool and targets in one space, and what is known of their rows.</summary>
internal sealed class EmbeddedInputs : IDisposable
{
    private readonly CandidatePool _pool;
    private PoolIndex? _index;
    private VectorFiles? _poolVectors;
    private VectorFiles? _targetVectors;
    private RowEmbedding? _rowEmbedding;

    private EmbeddedInputs(
        CandidatePool pool, EmbeddingMatrix targets, EmbeddingRecord embedding, RowReader? poolRows, RowReader? targetRows)
    {
        _pool = pool;
        Targets = targets;
        Embedding = embedding;
        PoolRows = poolRows;
        TargetFiles = targetRows?.Files ?? [];
        SkippedRows = [.. poolRows?.SkippedRows ?? [], .. targetRows?.SkippedRows ?? []];
        SkippedRowCount = (poolRows?.SkippedCount ?? 0) + (targetRows?.SkippedCount ?? 0);
    }

    public ICandidatePool Pool => _pool;

    public EmbeddingMatrix Targets { get; }

    public EmbeddingRecord Embedding { get; }

    /// <summary>Gets the pool's rows after a complete pass, or null where only vectors were given.</summary>
    public RowReader? PoolRows { get; }

    /// <summary>Gets the targets' rows, or null where only vectors were given.</summary>
    public IReadOnlyList<TargetRow>? TargetRows { get; private init; }

    public IReadOnlyList<InputFile> TargetFiles { get; }

    /// <summary>Gets the pool's files of vectors; waits for their hashes.</summary>
    public IReadOnlyList<InputFile> PoolVectorFiles => _poolVectors?.Files ?? [];

    public IReadOnlyList<InputFile> TargetVectorFiles => _targetVectors?.Files ?? [];

    /// <summary>Gets how many rows were embedded and how many vectors were there already, or null where all were ready-made.</summary>
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
        CancellationToken cancellationToken)
    {
        RowReaderOptions rowOptions = new()
        {
            Template = inputs.Store?.Manifest.Template ?? options.Template,
            TextField = options.TextField,
            Schema = options.Schema,
            OnBadRow = options.OnBadRow,
            NeedsText = inputs.EmbedsPool || inputs.Store is not null,
            StandardInput = options.StandardInput,
        };
        RowReader? poolRows = inputs.Pool.Count > 0 ? new RowReader(inputs.Pool, rowOptions) : null;
        RowReader? targetReader = inputs.Targets.Count > 0 ? new RowReader(inputs.Targets, rowOptions) : null;
        List<TargetRow>? targetRows = targetReader is null ? null : ReadTargets(targetReader, inputs.Targets, cancellationToken);
        if (inputs.EmbedsPool)
        {
            RowEmbedding embedding = await RowEmbedding
                .EmbedPoolAsync(poolRows!, inputs.Pool, options, output, run, progress, cancellationToken)
                .ConfigureAwait(false);
            return await OfEmbeddingAsync(embedding, options, inputs, output, poolRows, targetReader, targetRows, run, cancellationToken)
                .ConfigureAwait(false);
        }

        if (inputs.Store is { } store)
        {
            CheckStoreRows(store, poolRows, inputs, progress, cancellationToken);
            return await OfEmbeddingAsync(
                RowEmbedding.OfStore(store, options, output), options, inputs, output, poolRows, targetReader, targetRows, run, cancellationToken)
                .ConfigureAwait(false);
        }

        CountRows(poolRows, inputs, progress, cancellationToken);
        VectorFiles poolVectors = VectorFiles.Open(inputs.PoolVectors, output, "pool", progress, cancellationToken);
        VectorFiles targetVectors = VectorFiles.Open(inputs.TargetVectors, output, "targets", progress, cancellationToken);
        return OfVectors(options, poolVectors, targetVectors, poolRows, targetReader, targetRows, run);
    }

    public void Dispose()
    {
        _pool.Dispose();
        _index?.Dispose();
        _rowEmbedding?.Dispose();
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
        CancellationToken cancellationToken)
    {
        try
        {
            EmbeddingMatrix targets = await embedding
                .EmbedTargetsAsync([.. targetRows!.Select(row => row.Text)], cancellationToken)
                .ConfigureAwait(false);
            run.EndStage("embedding");
            VectorFiles? storeFiles = inputs.Store is null ? null : VectorFiles.Open(inputs.PoolVectors, output, "pool", null, cancellationToken);
            inputs.Store?.Check(storeFiles!);
            CandidatePool pool = OpenPool(embedding.Pool.Sources, options);
            PoolIndex? index = null;
            string? note = null;
            if (options.Index is { } folder && storeFiles is not null)
            {
                index = IndexJob.TryUse(folder, pool, storeFiles, out note);
            }

            string? template = inputs.Store?.Manifest.Template ?? options.Template;
            return new EmbeddedInputs(pool, targets, embedding.Describe(pool.Dimension, template), poolRows, targetReader)
            {
                TargetRows = targetRows,
                EmbeddingNote = embedding.Note,
                IndexNote = note,
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
        VectorStore store, RowReader? rows, JobInputs inputs, IProgress<SelectionProgress>? progress, CancellationToken cancellationToken)
    {
        if (rows is not null)
        {
            store.Check(PoolTexts.Scan(rows, inputs.Pool, null, progress, cancellationToken).Shards);
        }
    }

    private static EmbeddedInputs OfVectors(
        SelectionJobOptions options,
        VectorFiles poolVectors,
        VectorFiles targetVectors,
        RowReader? poolRows,
        RowReader? targetReader,
        IReadOnlyList<TargetRow>? targetRows,
        RunRecord run)
    {
        CheckCounts("--pool", poolRows?.RowCount, poolVectors);
        CheckCounts("--target", targetReader?.RowCount, targetVectors);
        EmbeddingMatrix targets = VectorSource.ReadEmbeddings(targetVectors.Sources);
        CandidatePool pool = OpenPool(poolVectors.Sources, options);
        PoolIndex? index = null;
        string? note = null;
        if (options.Index is { } folder)
        {
            index = IndexJob.TryUse(folder, pool, poolVectors, out note);
        }

        run.EndStage("reading");
        EmbeddingRecord embedding = new("vectors", null, null, pool.Dimension, options.Normalization, null, null);
        return new EmbeddedInputs(pool, targets, embedding, poolRows, targetReader)
        {
            TargetRows = targetRows,
            IndexNote = note,
            _index = index,
            _poolVectors = poolVectors,
            _targetVectors = targetVectors,
        };
    }

    private static CandidatePool OpenPool(IReadOnlyList<VectorSource> sources, SelectionJobOptions options) =>
        CandidatePool.OpenVectors(
            sources, new CandidatePoolOptions { Normalization = options.Normalization, ThreadCount = options.ThreadCount });

    private static List<TargetRow> ReadTargets(RowReader reader, IReadOnlyList<string> paths, CancellationToken cancellationToken)
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
        RowReader? rows, JobInputs inputs, IProgress<SelectionProgress>? progress, CancellationToken cancellationToken)
    {
        if (rows is null)
        {
            return;
        }

        using IEnumerator<Row> pass = rows
            .Read(RowFields.None, ByteProgress.Create(progress, inputs.Pool), cancellationToken)
            .GetEnumerator();
        while (pass.MoveNext())
        {
        }
    }

    private static void CheckCounts(string option, long? rows, VectorFiles vectors)
    {
        long vectorCount = vectors.RowCount;
        if (rows is { } count && count != vectorCount)
        {
            throw new InvalidDataException(
                $"Expected one vector for each of the {count:N0} rows of {option}, found {vectorCount:N0} in {option}-vectors; row i must belong to vector i.");
        }
    }
}
