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
    private const string LockName = ".lock";

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

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

    /// <summary>Returns the entries of the cache, the most recently used first.</summary>
    /// <returns>One entry per embedder; none where there is no cache.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<VectorCacheEntry> List()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        using FileStream _ = LockShared();
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
        if (!Directory.Exists(Folder))
        {
            return 0;
        }

        using FileStream? alone =
            TryLockAlone()
            ?? throw new IOException(
                $"Expected nobody to use the cache {Folder}, found another run of tsds that does; wait for its end."
            );
        return CacheFolder.Trim(Folder, 0);
    }

    /// <summary>Opens the cache for use. Until the lease is disposed, nothing in the cache is deleted.</summary>
    /// <exception cref="IOException">The folder cannot be created or read.</exception>
    internal VectorCacheLease Lease()
    {
        Directory.CreateDirectory(Folder);
        return new VectorCacheLease(this, LockShared());
    }

    /// <summary>
    /// Evicts entries beyond the limit, unless another process uses the cache, which will then do so.
    /// </summary>
    internal void Trim()
    {
        using FileStream? alone = TryLockAlone();
        if (alone is not null)
        {
            CacheFolder.Trim(Folder, _maxBytes);
        }
    }

    private FileStream LockShared()
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(
                    Path.Combine(Folder, LockName),
                    FileMode.OpenOrCreate,
                    FileAccess.Read,
                    FileShare.Read
                );
            }
            catch (IOException)
                when (Directory.Exists(Folder) && Environment.TickCount64 - start < LockPatience.TotalMilliseconds)
            {
                // Another process is deleting, which takes moments.
                Thread.Sleep(LockPause);
            }
        }
    }

    private FileStream? TryLockAlone()
    {
        try
        {
            return new FileStream(
                Path.Combine(Folder, LockName),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }
}
