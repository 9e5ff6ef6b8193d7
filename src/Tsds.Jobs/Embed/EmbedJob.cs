using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Embed;

/// <summary>Embeds a pool into a vector store, or updates a store: only rows without a vector are embedded.</summary>
internal static class EmbedJob
{
    /// <summary>Estimates what a job will do and cost, without reading rows.</summary>
    /// <param name="options">The job.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static EmbedEstimate Plan(EmbedJobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> pool = RowFiles.Resolve(options.Pool);
        long bytes = pool.Sum(path => FileSources.LengthOf(RowOptions(options).Locate(path)));
        return new EmbedEstimate(
            pool,
            bytes,
            options.Embedder.Name,
            Embedders.DimensionOf(options.Embedder),
            Embedders.EstimateMemory(options.Embedder, options.ThreadCount),
            [.. Embedders.Notes(options.Embedder, bytes)]
        );
    }

    /// <summary>
    /// Runs a job. However it ends, completed chunks are kept, and the next run resumes there and ends with the same
    /// bytes.
    /// </summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job.</param>
    /// <returns>The result, for the user.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="IOException">The folder holds something else, another process is writing to it, or a file
    /// cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A row is not usable; the message names file and line.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<EmbedSummary> RunAsync(
        EmbedJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        RunRecord run = new();
        MemoryCheck.Require(Plan(options).MemoryBytes, options.MemoryLimit);
        IReadOnlyList<string> pool = RowFiles.Resolve(options.Pool);
        if (options.Embedder.IsAuto)
        {
            throw new ArgumentException(
                "--embedder auto looks at targets, and embedding a pool knows none; name an embedder, such as "
                    + "lexical+static."
            );
        }

        using EmbedderFitting fitting = EmbedderFitting.Open(options.Embedder, options.ThreadCount);
        IEmbedder? embedder = null;
        try
        {
            using StoreWriter store = StoreWriter.Open(
                new StoreSettings(options.Output, options.Force, options.Embedder, options.Store, options.Template),
                fitting.NeedsPool ? null : fitting.Identity
            );
            RowReader rows = new(pool, RowOptions(options));
            PoolTexts texts = PoolTexts.Scan(
                rows,
                rows.Read(RowFields.Text, ByteProgress.Create(progress, pool), cancellationToken),
                fitting
            );
            embedder = store.OpenEmbedder(fitting, texts.Shards, progress, cancellationToken);
            string identity = embedder.IdentityOf(TextRole.Passage);
            store.Begin(identity);
            EmbeddedChunks shards = await new ChunkEmbedder(
                store.Folder,
                embedder,
                TextRole.Passage,
                options.ThreadCount
            )
                .EmbedAsync(texts.Shards, texts.Read(cancellationToken), progress, cancellationToken)
                .ConfigureAwait(false);
            store.Complete(identity, shards);
            return new EmbedSummary(
                shards.RowCount,
                shards.EmbeddedRows,
                rows.SkippedCount,
                shards.Chunks[0].Dimension,
                identity,
                shards.Paths.Sum(path => new FileInfo(path).Length),
                run.Elapsed,
                RunRecord.PeakMemoryBytes
            );
        }
        finally
        {
            embedder?.Dispose();
        }
    }

    private static RowReaderOptions RowOptions(EmbedJobOptions options) =>
        new()
        {
            Template = options.Template,
            TextField = options.TextField,
            Schema = options.Schema,
            OnBadRow = options.OnBadRow,
            CellQuotes = options.CsvQuote,
            StandardInput = options.StandardInput,
        };

    /// <summary>Returns the files of a store, its manifest last.</summary>
    /// <param name="store">The folder of the store.</param>
    public static string[] FilesOf(string store) =>
        [
            .. Directory
                .EnumerateFiles(store)
                .Where(path => !Path.GetFileName(path).StartsWith('.'))
                .OrderBy(path => Path.GetFileName(path) == StoreManifest.FileName)
                .ThenBy(path => path, StringComparer.Ordinal),
        ];
}
