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
public sealed record VectorCache
{
    /// <summary>Initializes a cache; nothing is created before it is used.</summary>
    /// <param name="folder">The folder, or null for the user's: <c>$XDG_CACHE_HOME/tsds</c>, else
    /// <c>~/.cache/tsds</c> (on Windows the local application data).</param>
    public VectorCache(string? folder = null)
    {
        IsUsersOwn = folder is null;
        Folder = folder is null ? UsersFolder() : Path.GetFullPath(folder);
    }

    /// <summary>Gets the full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Gets the size limit in bytes when a run ends; the least recently used entries are evicted
    /// first.</summary>
    /// <value>Not negative. The default is 20 GB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxBytes));
            field = value;
        }
    } = 20_000_000_000;

    /// <summary>Gets a value indicating whether the folder is the user's, and not one that was asked for.</summary>
    internal bool IsUsersOwn { get; }

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
            CacheFolder.Trim(Folder, MaxBytes);
        }
    }

    private static string UsersFolder()
    {
        string xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? "";
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string root =
            Path.IsPathRooted(xdg) ? xdg
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : home.Length > 0 ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
        return Path.Combine(root, "tsds");
    }
}
