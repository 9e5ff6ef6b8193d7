using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>
/// A folder that keeps the vectors of rows from run to run, so that no text is embedded twice by the same embedder.
/// </summary>
/// <remarks>
/// A folder per embedder, named by the hash of its identity: <c>embedder.txt</c> with the identity, chunks named by the
/// content of their texts, and the lexical embedder's fit. A run that uses the cache holds a shared lock on
/// <c>.lock</c>; deleting requires an exclusive lock, so that nothing in use is deleted.
/// </remarks>
public sealed class VectorCache
{
    private readonly long _maxBytes;

    /// <summary>Initializes a cache; nothing is created before it is used.</summary>
    /// <param name="options">Where and how large; null for the defaults.</param>
    public VectorCache(VectorCacheOptions? options = null)
    {
        options ??= new VectorCacheOptions();
        Folder = options.ResolvedFolder;
        _maxBytes = options.MaxBytes;
    }

    /// <summary>Gets the folder.</summary>
    public string Folder { get; }

    // Who looks into a folder that is no cache leaves no lock in it.
    private bool IsInUse =>
        Directory.Exists(Folder)
        && (
            File.Exists(Path.Combine(Folder, FolderLock.FileName))
            || Directory
                .EnumerateDirectories(Folder)
                .Any(folder => File.Exists(Path.Combine(folder, CacheFolder.IdentityName)))
        );

    /// <summary>Returns the entries of the cache, the most recently used first.</summary>
    /// <returns>One entry per embedder; none if there is no cache.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<VectorCacheEntry> List()
    {
        PathAccess.Require(Folder);
        if (!IsInUse)
        {
            return [];
        }

        using FolderLock _ = FolderLock.Share(Folder);
        return
        [
            .. Directory
                .EnumerateDirectories(Folder)
                .Where(folder => File.Exists(Path.Combine(folder, CacheFolder.IdentityName)))
                .Select(CacheFolder.Describe)
                .OrderByDescending(entry => entry.LastUsed)
                .ThenBy(entry => entry.Embedder, StringComparer.Ordinal),
        ];
    }

    /// <summary>Deletes all entries.</summary>
    /// <returns>The bytes freed.</returns>
    /// <exception cref="IOException">Another process is using the cache.</exception>
    public long Clear()
    {
        PathAccess.Require(Folder);
        if (!IsInUse)
        {
            return 0;
        }

        using FolderLock alone =
            FolderLock.TryTake(Folder)
            ?? throw new IOException(
                $"Expected no other process to use the cache {Folder}, found another run of tsds; wait for its end."
            );
        return CacheFolder.Trim(Folder, 0);
    }

    /// <summary>Opens the cache for use. Until the lease is disposed, nothing in the cache is deleted.</summary>
    /// <exception cref="IOException">The folder cannot be created or read.</exception>
    internal VectorCacheLease Lease()
    {
        Directory.CreateDirectory(Folder);
        return new VectorCacheLease(this, FolderLock.Share(Folder));
    }

    /// <summary>
    /// Evicts entries beyond the limit, unless another process uses the cache, which will then do so.
    /// </summary>
    internal void Trim()
    {
        using FolderLock? alone = FolderLock.TryTake(Folder);
        if (alone is not null)
        {
            CacheFolder.Trim(Folder, _maxBytes);
        }
    }
}
