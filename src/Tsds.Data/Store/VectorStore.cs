using Tsds.Data.Files;
using Tsds.Data.Vectors;

namespace Tsds.Data.Store;

/// <summary>A finished vector store, as <c>tsds embed</c> writes it: on disk, or at an address.</summary>
/// <param name="Folder">The folder. Of one at an address, the chunks are fetched when they are first asked for.</param>
/// <param name="Manifest">Its manifest.</param>
internal sealed record VectorStore(string Folder, StoreManifest Manifest)
{
    private IReadOnlyList<string>? _paths;

    /// <summary>Gets the folder as it is recorded: where the vectors are for the processes that search them.</summary>
    public string Name { get; init; } = Folder;

    /// <summary>Gets the entry of the manifest for each vector file.</summary>
    public IReadOnlyList<InputFile> Files =>
        [
            .. Manifest.Chunks.Select(chunk => new InputFile
            {
                Path = Path.Combine(Name, chunk.File),
                Bytes = NpyWriter.SizeOf(chunk.Rows, Manifest.Dimension, Manifest.Precision),
                Sha256 = chunk.Sha256,
                Rows = chunk.Rows,
                SkippedRows = 0,
                Schema = "",
                Schemas = new Dictionary<string, long>(),
            }),
        ];

    private IReadOnlyList<string> Paths =>
        _paths ??= [.. Manifest.Chunks.Select(chunk => FileSources.Localize(Path.Combine(Folder, chunk.File)))];

    /// <summary>Gets the vector files as sources.</summary>
    public IReadOnlyList<VectorSource> Sources => Chunks.Sources;

    /// <summary>Gets the chunks, as the manifest lists them.</summary>
    public EmbeddedChunks Chunks =>
        new(
            [
                .. Manifest.Chunks.Zip(
                    Paths,
                    (chunk, path) =>
                        new Chunk(path, new ChunkKey(chunk.Texts, "", chunk.Rows), chunk.Sha256, Manifest.Dimension)
                ),
            ],
            0
        );

    /// <summary>Returns the files as the manifest lists them, for a pool whose vectors others read and check.</summary>
    public VectorFiles ToVectorFiles() =>
        new(
            Sources,
            Sources,
            [.. Files.Select(Task.FromResult)],
            [.. Manifest.Chunks.Select(chunk => (long)chunk.Rows)]
        );

    /// <summary>Opens a folder, or returns null if it is not a vector store.</summary>
    /// <returns>Null if it is no vector store.</returns>
    /// <exception cref="InvalidDataException">The store is not finished.</exception>
    public static VectorStore? TryOpen(string folder)
    {
        if (!StoreManifest.IsIn(folder))
        {
            return null;
        }

        StoreManifest manifest = StoreManifest.TryRead(folder)!;
        return manifest is { IsComplete: true, Chunks.Count: > 0 }
            ? new VectorStore(folder, manifest)
            : throw new InvalidDataException(
                $"Expected a finished vector store in {folder}, found one whose run was stopped; run the "
                    + $"same 'tsds embed' again, it resumes where it stopped."
            );
    }

    /// <summary>Throws if a file does not match its hash in the manifest.</summary>
    /// <exception cref="InvalidDataException">One is not.</exception>
    public void Check(VectorFiles files)
    {
        IReadOnlyList<InputFile> found = files.Files;
        for (int i = 0; i < found.Count; i++)
        {
            if (found[i].Sha256 != Manifest.Chunks[i].Sha256)
            {
                throw new InvalidDataException(
                    $"Expected the vectors in {found[i].Path} as they were written, found others; run the "
                        + $"same 'tsds embed' again, it repairs the file."
                );
            }
        }
    }

    /// <summary>Throws if row i of a pool is not the row of vector i.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public void Check(IReadOnlyList<ChunkKey> pool)
    {
        long rows = pool.Sum(key => (long)key.RowCount);
        long vectors = Manifest.Chunks.Sum(chunk => (long)chunk.Rows);
        string? difference = rows != vectors ? $"{rows:N0} rows for {vectors:N0} vectors" : null;
        for (int i = 0; i < pool.Count && difference is null; i++)
        {
            if (pool[i].Texts != Manifest.Chunks[i].Texts)
            {
                difference =
                    $"other texts between rows {(long)i * ChunkKey.Rows:N0} and "
                    + $"{((long)i * ChunkKey.Rows) + pool[i].RowCount - 1:N0}";
            }
        }

        if (difference is not null)
        {
            throw new InvalidDataException(
                $"Expected the rows of --pool to be those of the vector store {Folder}, found {difference}; "
                    + $"run 'tsds embed' again, only new rows are embedded."
            );
        }
    }
}
