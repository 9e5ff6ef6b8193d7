using System.Text.RegularExpressions;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>A vector store that this process is writing or updating, under an exclusive lock.</summary>
internal sealed partial class StoreWriter : IDisposable
{
    private readonly StoreSettings _settings;
    private readonly FolderLock _lock;
    private StoreManifest? _manifest;

    private StoreWriter(StoreSettings settings, FolderLock folderLock, StoreManifest? manifest)
    {
        _settings = settings;
        _lock = folderLock;
        _manifest = manifest;
        Folder = new ChunkFolder(settings.Folder, settings.Precision, isOrdered: true);
    }

    public ChunkFolder Folder { get; }

    /// <summary>Opens a folder that is new or empty, or a store that this job continues.</summary>
    /// <param name="settings">The folder, and the settings that determine the bytes of the store.</param>
    /// <param name="identity">The embedder's identity, or null if the pool has to be read first.</param>
    /// <exception cref="IOException">The folder is something else, or another process writes to it.</exception>
    /// <exception cref="InvalidDataException">The store is that of another embedder, template or precision.</exception>
    public static StoreWriter Open(StoreSettings settings, string? identity)
    {
        string folder = settings.Folder;
        if (File.Exists(folder))
        {
            throw new IOException($"Expected a folder at {folder}, found a file; choose another --out.");
        }

        // A run that was killed before its manifest leaves nothing but its own files. A manifest beside other files may
        // be a selection's: not even forced.
        string manifestPath = Path.Combine(folder, StoreManifest.FileName);
        bool isOurs =
            !Directory.Exists(folder)
            || Directory.EnumerateFileSystemEntries(folder).All(path => IsOurs(path) || path == manifestPath);
        if (!isOurs && !StoreManifest.IsIn(folder) && (!settings.Force || File.Exists(manifestPath)))
        {
            throw new IOException(
                $"Expected {folder} to be empty or a vector store, found other files in it; choose another --out."
            );
        }

        FolderLock folderLock =
            Take(folder)
            ?? throw new IOException(
                $"Expected no other process to write to {folder}, found another 'tsds embed'; wait for its end."
            );
        try
        {
            AtomicFile.DeleteLeftovers(folder);
            if (settings.Force)
            {
                Clear(folder);
            }

            StoreManifest? manifest = StoreManifest.TryRead(folder);
            CheckSame(folder, manifest, settings, identity);
            return new StoreWriter(settings, folderLock, manifest);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    private static FolderLock? Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return FolderLock.TryTake(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Expected a folder that can be written to at {folder}, found that nothing can be made in it; "
                    + "choose another --out.",
                exception
            );
        }
    }

    /// <summary>Opens the embedder of the store, or fits one where the store has no vectors yet.</summary>
    /// <remarks>
    /// The fit stays when rows are appended: another one would change every vector. A pool that begins with another
    /// text is another pool.
    /// </remarks>
    public IEmbedder OpenEmbedder(
        EmbedderFitting fitting,
        IReadOnlyList<ChunkKey> pool,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        string folder = Folder.Path;
        if (fitting.NeedsPool && _manifest is { } manifest && manifest.Identity != fitting.Identity)
        {
            if (
                HoldsBeginOf(pool)
                && fitting.TryOpen(folder) is { } embedder
                && embedder.IdentityOf(TextRole.Passage) == manifest.Identity
            )
            {
                return embedder;
            }

            if (Directory.EnumerateFiles(folder, $"*{ChunkRowsFile.Extension}").Any())
            {
                throw new InvalidDataException(
                    $"Expected the pool that the {_settings.Embedder.Name} embedder of the store {folder} was fitted "
                        + $"on, with rows appended at most, found another first row; choose another --out, or write "
                        + $"the store anew with --force."
                );
            }

            _manifest = null;
        }

        return fitting.OpenOrFit(folder, progress, cancellationToken);
    }

    /// <summary>Records the embedder's identity, unless an earlier run did.</summary>
    public void Begin(string identity)
    {
        if (_manifest is null)
        {
            _manifest = StoreManifest.Begin(_settings, identity);
            _manifest.Write(Folder.Path);
        }
    }

    /// <summary>Writes the list of chunks, and deletes the chunks that are no longer part of the store.</summary>
    public void Complete(string identity, EmbeddedChunks chunks)
    {
        StoreManifest manifest = StoreManifest.Begin(_settings, identity) with
        {
            IsComplete = true,
            Dimension = chunks.Chunks[0].Dimension,
            Chunks =
            [
                .. chunks.Chunks.Select(chunk => new StoreManifest.ChunkRecord(
                    Path.GetFileName(chunk.Path),
                    chunk.Key.RowCount,
                    chunk.Key.Texts,
                    chunk.Sha256
                )),
            ],
        };
        manifest.Write(Folder.Path);
        HashSet<string> listed = [.. manifest.Chunks.Select(chunk => Path.GetFileNameWithoutExtension(chunk.File))];
        foreach (
            string path in ChunkFiles(Folder.Path)
                .Where(path => !listed.Contains(Path.GetFileNameWithoutExtension(path)))
        )
        {
            File.Delete(path);
        }
    }

    public void Dispose() => _lock.Dispose();

    private bool HoldsBeginOf(IReadOnlyList<ChunkKey> pool) =>
        Directory
            .EnumerateFiles(Folder.Path, $"{0:D6}-*{ChunkRowsFile.Extension}")
            .Any(path => ChunkRowsFile.Read(path) is { } rows && TextKey.Of(rows.Rows.AsSpan(0, 1)) == pool[0].First);

    private static void CheckSame(string folder, StoreManifest? manifest, StoreSettings settings, string? identity)
    {
        string? difference = manifest switch
        {
            null => null,
            _ when identity is null && manifest.Embedder.Name != settings.Embedder.Name => Differs(
                "embedder",
                manifest.Embedder.Name,
                settings.Embedder.Name
            ),
            _ when identity is not null && manifest.Identity != identity => Differs(
                "embedder",
                manifest.Identity,
                identity
            ),
            _ when manifest.Precision != settings.Precision => Differs(
                "--store",
                PrecisionName.Of(manifest.Precision),
                PrecisionName.Of(settings.Precision)
            ),
            _ when manifest.Template != settings.Template => Differs(
                "--template",
                manifest.Template ?? "none",
                settings.Template ?? "none"
            ),
            _ => null,
        };
        if (difference is not null)
        {
            throw new InvalidDataException(
                $"Expected the settings that the store {folder} was written with, found {difference}; choose "
                    + $"another --out, or write the store anew with --force."
            );
        }

        static string Differs(string what, string known, string asked) => $"{what} {asked} in place of {known}";
    }

    private static bool IsOurs(string path)
    {
        string name = Path.GetFileName(path);
        return name == FolderLock.FileName
            || EmbedderFitting.FileNames.Contains(name)
            || AtomicFile.IsLeftover(name)
            || ChunkName().IsMatch(name);
    }

    private static void Clear(string folder)
    {
        // The manifest is deleted first: without it, the other files are not a store.
        File.Delete(Path.Combine(folder, StoreManifest.FileName));
        foreach (string name in EmbedderFitting.FileNames)
        {
            File.Delete(Path.Combine(folder, name));
        }

        foreach (string path in ChunkFiles(folder))
        {
            File.Delete(path);
        }
    }

    private static IReadOnlyList<string> ChunkFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(path => ChunkName().IsMatch(Path.GetFileName(path)))];

    [GeneratedRegex(@"^\d{6,}-[0-9a-f]{32}\.(npy|rows)$")]
    private static partial Regex ChunkName();
}
